import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Mediator } from '../../../src/mediator/start-mediator.ts';
import { machine } from '../../commands/program.ts';
import { exchangeRaw, World } from '../world.ts';
import { Operator } from './operator.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

const REQUEST = `GET http://new.example/ HTTP/1.1\r\nHost: new.example\r\nConnection: close\r\nProxy-Authorization: Basic ${btoa('builder:curl')}\r\n\r\n`;

/** A mediator with one attempt that waits, an operator, and a machine to answer from. */
async function waiting() {
  const port = await world.http((_, response) => response.end('hello in clear'));
  const mediator = await world.mediator({ mode: 'ask', pins: [`new.example:127.0.0.1:${port}`] });
  const operator = await Operator.answering(mediator.socketPath);
  world.atEnd(() => void operator.socket.destroy());
  const { id, answered } = await ask(mediator, operator);
  const { run } = machine();
  const command = (...args: readonly string[]) => run([...args, '--socket', mediator.socketPath]);
  return { mediator, operator, id, answered, command };
}

async function ask(mediator: Mediator, operator: Operator) {
  const answered = exchangeRaw(mediator, REQUEST);
  return { id: String((await operator.hears('ask'))['id']), answered };
}

describe('egresstop ask and answer', () => {
  it('an open question is listed, answered for once, and gone', async () => {
    const { id, answered, command } = await waiting();
    const listed = await command('ask');
    expect(listed.stdout).toMatch(
      new RegExp(`^${id}  builder/curl asks for new.example:80  1 waiting \\d+s  GET http`),
    );
    const { stdout, code } = await command('answer', id, 'allow');
    expect([stdout, code]).toEqual([expect.stringMatching(`^answered ${id}: allow once by `), 0]);
    expect(await answered).toContain('hello in clear');
    expect((await command('ask')).stdout).toBe('no question is open\n');
  });

  it.each([
    ['ask lists', ['ask']],
    ['ask --follow waits', ['ask', '--follow']],
    ['answer answers', ['answer', '3fa9c1-7', 'allow']],
  ])('%s nothing where no mediator is up, exits with 1 and names the remedy', async (_, args) => {
    const socket = join(world.folder, 'nobody.sock');
    const { code, stdout, stderr } = await machine().run([...args, '--socket', socket]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`no mediator is up on ${socket}; start one with: egresstop mediator`);
  });

  it('JSON lists questions, floods and rules', async () => {
    const { id, answered, command } = await waiting();
    await command('answer', id, 'deny', '--for', '10m');
    expect(await answered).toContain('403');
    const { questions, floods, rules } = JSON.parse((await command('ask', '--json')).stdout) as Record<
      string,
      unknown
    >;
    expect([questions, floods]).toEqual([[], []]);
    expect(rules).toMatchObject([{ host: 'new.example', port: 80, agent: 'builder', verdict: 'deny' }]);
    const status = await command('mediator', 'status');
    expect(status.stdout).toMatch(/in memory +deny new\.example:80 for builder, until 20/);
    expect(JSON.parse((await command('mediator', 'status', '--json')).stdout)).toMatchObject({ rules });
  });

  it('--always edits the policy file, and the attempt goes when that is in force', async () => {
    const { id, answered, command } = await waiting();
    const { stdout, stderr, code } = await command('answer', id, 'allow', '--always');
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('+  - new.example');
    expect(stdout).toMatch(new RegExp(`answered ${id}: allow always by `));
    expect(readFileSync(world.policyPath, 'utf8')).toContain('new.example');
    expect(await answered).toContain('hello in clear');
    expect(await world.record('egress_answer')).toMatchObject({ for: 'always', via: 'egresstop answer' });
  });

  it('--always --json prints one object', async () => {
    const { id, command } = await waiting();
    const { stdout } = await command('answer', id, 'passthrough', '--always', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ type: 'answered', id, answer: 'passthrough', for: 'always' });
    expect(readFileSync(world.policyPath, 'utf8')).toMatch(/passthrough:\n +- new\.example/);
  });

  it('a second answer exits with 1 and says whose was first', async () => {
    const { id, operator, command } = await waiting();
    operator.answer(id, 'deny', 'once', 'the dashboard');
    await operator.hears('answered');
    const { code, stderr } = await command('answer', id, 'allow');
    expect([code, stderr]).toEqual([1, `egresstop: ${id} was answered before: deny once by the dashboard\n`]);
  });

  it.each([
    [['answer', 'no-such', 'allow'], 1, 'no such question is open'],
    [['answer', 'no-such', 'allow', '--always'], 1, 'no such question is open'],
    [['answer', 'x', 'deny', '--always'], 2, 'deny --always'],
    [['answer', 'x', 'allow', '--always', '--for', 'run'], 2, 'exclude each other'],
    [['answer', 'x', 'allow', '--for', 'ever'], 2, '--for wants'],
    [['answer', 'x', 'maybe'], 2, 'Allowed choices'],
  ])('%j exits with %i: %s', async (args, status, words) => {
    const { command } = await waiting();
    const { code, stderr } = await command(...args);
    expect([code, stderr]).toEqual([status, expect.stringContaining(words)]);
  });

  it('a mediator that asks nobody is a failure with its remedy', async () => {
    const mediator = await world.mediator({ mode: 'strict' });
    const { code, stderr } = await machine().run(['ask', '--socket', mediator.socketPath]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/its mode is strict \(start it with --mode ask\)/),
    ]);
  });

  it('while it is followed, attempts wait', async () => {
    const mediator = await world.mediator({ mode: 'ask' });
    const followed = machine().run(['ask', '--follow', '--json', '--socket', mediator.socketPath]);
    const other = await Operator.join(mediator.socketPath);
    const listed = async (): Promise<string> => {
      void exchangeRaw(mediator, REQUEST);
      other.heard.length = 0;
      other.say({ type: 'questions' });
      const { questions } = (await other.hears('questions')) as unknown as { questions: { id: string }[] };
      return questions[0]?.id ?? listed();
    };
    const id = await listed();
    other.answer(id, 'deny', 'run');
    await other.hears('answered');
    other.socket.destroy();
    await mediator.stop();
    const { stdout, stderr, code } = await followed;
    expect([code, stderr]).toEqual([1, expect.stringContaining('the mediator is gone')]);
    const messages = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as { type: string; id?: string });
    expect(messages.filter(({ type }) => type === 'answered')).toMatchObject([
      { id, answer: 'deny', for: 'run' },
    ]);
  });
});
