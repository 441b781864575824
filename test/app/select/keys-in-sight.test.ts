import { expect, it } from 'vitest';
import { decision } from '../../core/sample-events.ts';
import { NOW, trafficOf } from '../traffic-of.ts';
import { openSession } from '../session.ts';

const traffic = trafficOf([decision('deny', { host: 'a.test', agent: 'x', at: NOW })]);
const open = () => openSession({ traffic, columns: 80, rows: 24 });

it.each([
  ['columns', 'C', ['Space ticks', 'J K', 'Enter', 'w saves', 'Esc takes it back']],
  ['sorts', 's', ['Enter chooses', 'Esc leaves']],
  ['ends of a grant', 't', ['Enter goes on', 'Esc leaves']],
  ['places to go to', 'f', ['Enter chooses', 'Esc leaves']],
  ['forms of an export', 'E', ['Enter chooses', 'Esc leaves']],
  ['saved views', 'V', ['w saves', 'Esc leaves']],
  ['commands', ':', ['Enter runs it', 'Esc leaves']],
])('the smallest terminal shows all keys of the list of %s', (_, key, told) => {
  const session = open();
  session.press(key);
  const shown = session.rows().slice(-4).join('\n');
  for (const words of told) expect(shown).toContain(words);
});

it('a list that is longer than its room says how many lines are below, and then how to come back up', () => {
  const session = open();
  session.tell({
    type: 'preferences-changed',
    preferences: { isFirstStart: true }, // three lines of orientation take room
    notice: { text: '', tone: 'plain' },
  });
  session.press('C');
  expect(session.rows().at(-2)).toMatch(/takes it back {3}\((?:PgDn: )?\d+ more\)$/);
  session.press(...Array<string>(40).fill('down'));
  expect(session.rows().at(-2)).not.toContain('0 more');
});

it('the palette says how many commands there are beside those that it shows', () => {
  const session = open();
  session.press(':');
  expect(session.rows().join('\n')).toMatch(/Commands {2}the first 8 of \d\d: letters narrow them/);
  session.type('quit');
  expect(session.rows().join('\n')).not.toContain('the first 8');
});

it.each([
  ['a host', ['enter'], 'Enter open'],
  ['an event', ['5', 'enter'], 'Enter fold'],
  ['the journal', ['J'], 'Enter open'],
])('the footer of %s says what Enter does there', (_, keys, words) => {
  const session = open();
  session.press(...keys);
  expect(session.rows().at(-1)).toContain(words);
});

it.each([
  ['the help', '?'],
  ['the problems', '!'],
  ['the sources', 'o'],
])('the footer of %s names no Enter, which does nothing there', (_, key) => {
  const session = open();
  session.press(key);
  const before = session.rows();
  expect(before.at(-1)).not.toContain('Enter');
  session.press('enter');
  expect(session.rows()).toEqual(before);
});
