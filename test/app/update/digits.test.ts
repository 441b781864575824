import { expect, it } from 'vitest';
import { decision } from '../../core/sample-events.ts';
import { GRANT_CHOICES } from '../../../src/app/state/grant-choices.ts';
import { openSession, type Session } from '../session.ts';
import { trafficOf } from '../traffic-of.ts';

const session = (): Session =>
  openSession({ traffic: trafficOf([decision('deny', { host: 'x.example', url: 'https://x.example/a' })]) });

const shown = ({ rows }: Session): string => rows().join('\n');

it.each([
  ['t', 1, '10 minutes'],
  ['s', 1, 'total'],
  ['Y', 1, 'host'],
  ['E', 1, 'CSV'],
  ['C', 1, '\\[x\\] host'],
])('the list of %s shows the digit %i before its choice', (key, digit, label) => {
  const open = session();
  open.press(key);
  expect(shown(open)).toMatch(new RegExp(`(▌|  ) ${digit}\\) .*${label}`, 'i'));
});

it('a digit in the list of t goes on to the diff, and writes nothing', () => {
  const open = session();
  open.press('t', '2');
  expect(open.state().dialog).toMatchObject({ type: 'edit', title: expect.stringContaining('until') });
  expect(open.effects.map(({ type }) => type)).toEqual(['plan-edit']);
});

it('the digit of a time of one’s own in the list of t asks for it, and then types', () => {
  const open = session();
  open.press('t');
  open.press(String(GRANT_CHOICES.findIndex(({ end }) => end === null) + 1));
  expect(open.state().dialog).toMatchObject({ type: 'grant', input: { text: '' } });
  open.type('45m');
  expect(open.state().dialog).toMatchObject({ input: { text: '45m' } });
});

it('a digit sorts, copies, and hides a column', () => {
  const open = session();
  open.press('s', '2');
  expect(open.state().dialog.type).toBe('none');
  open.press('Y', '1');
  expect(open.effects.at(-1)).toMatchObject({ type: 'copy', text: 'x.example' });
  open.press('C', '2');
  const { dialog } = open.state();
  expect(dialog).toMatchObject({ type: 'columns', chosen: 1 });
  expect(dialog.type === 'columns' && dialog.shown.has(dialog.names[1] ?? '')).toBe(false);
});

it.each(['C', 's', 't'])('the chosen line of the list of %s stays in view in the smallest terminal', key => {
  const open = openSession({
    traffic: trafficOf([decision('deny', { host: 'x.example' })]),
    columns: 80,
    rows: 24,
  });
  open.tell({
    type: 'preferences-changed',
    preferences: { isFirstStart: true },
    notice: { text: '', tone: 'plain' },
  });
  open.press(key);
  for (let row = 0; row < 15; row += 1) {
    expect(open.rows().filter(text => /^ {2}▌/.test(text))).toHaveLength(1);
    open.press('j');
  }
});

it('a digit in a preview chooses another form, and writes nothing', () => {
  const open = session();
  open.press('a', '2');
  expect(open.state().dialog).toMatchObject({ type: 'edit', chosen: 1, planning: { type: 'planning' } });
  expect(open.effects.map(({ type }) => type)).toEqual(['plan-edit', 'plan-edit']);
});

it.each(['t', 'Y', 'E', 'V', 'a'])('a digit that stands before nothing in the list of %s says so', key => {
  const open = session();
  open.press(key);
  const before = open.state().dialog;
  open.press('9');
  expect(open.state().dialog).toEqual(before);
  expect(open.rows().at(-1)).toMatch(/there is no (choice|form) 9/);
});
