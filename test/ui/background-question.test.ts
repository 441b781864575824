import { PassThrough } from 'node:stream';
import type { ReadStream } from 'node:tty';
import { expect, it } from 'vitest';
import { askBackground } from '../../src/ui/background-question.ts';
import { TerminalInput } from '../../src/ui/terminal-input.ts';
import { until } from '../until.ts';

const LIGHT = '\u001b]11;rgb:ffff/ffff/ffff\u001b\\';
const DARK = '\u001b]11;rgb:0000/0000/0000\u0007';

/** A terminal that was asked. */
function asked() {
  const terminal = new PassThrough();
  const said: string[] = [];
  let changes = 0;
  let keys = '';
  const input = new TerminalInput(terminal as unknown as ReadStream, event => {
    if (event.type === 'background') question.answer(event.background);
  });
  input.setEncoding('utf8');
  input.on('data', (chunk: string) => (keys += chunk));
  terminal.resume();
  const stdout = { write: (text: string) => said.push(text) > 0 };
  const question = askBackground(stdout, input, () => (changes += 1));
  return { terminal, said, question, changes: () => changes, keys: () => keys };
}

it('a light background is told once, and the keys around the answer go on', async () => {
  const { terminal, said, question, changes, keys } = asked();
  expect(said).toEqual(['\u001b]11;?\u001b\\']);
  terminal.write(`j${LIGHT}k`);
  await question.ended;
  terminal.write(`${LIGHT}l`);
  await until(() => keys() === 'jkl');
  expect(changes()).toBe(1);
});

it('a dark background changes nothing', async () => {
  const { terminal, question, changes } = asked();
  terminal.write(DARK);
  await question.ended;
  expect(changes()).toBe(0);
});

it('an answer that comes too late changes nothing and is no key', async () => {
  const { terminal, question, changes, keys } = asked();
  await question.ended;
  terminal.write(`j${LIGHT}k`);
  await until(() => keys() === 'jk');
  expect(changes()).toBe(0);
});

it('an answer after the end of the question changes nothing', async () => {
  const { terminal, question, changes, keys } = asked();
  question.stop();
  await question.ended;
  terminal.write(`j${LIGHT}k`);
  await until(() => keys() === 'jk');
  expect(changes()).toBe(0);
});
