import { expect, it } from 'vitest';
import { keyFor, keyTable } from '../../../src/app/keys/key-bindings.ts';
import { KEY_TABLE } from '../../../src/app/keys/key-table.ts';
import { messageOf } from '../../../src/app/keys/keymap.ts';
import type { KeyChoice } from '../../../src/app/state/key-choice.ts';
import { openSession, type Session } from '../session.ts';
import { decision } from '../../core/sample-events.ts';
import { trafficOf } from '../traffic-of.ts';

/** A session in which the operator chose keys. */
function sessionWith(keys: KeyChoice): Session {
  const session = openSession();
  session.tell({ type: 'preferences-changed', preferences: { keys }, notice: { text: '', tone: 'plain' } });
  session.press('j'); // the notice goes
  return session;
}

const shown = (session: Session): string => session.rows().join('\n');

it('no action has the name of another', () => {
  const names = KEY_TABLE.map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

it('every action that a help text names in braces is one', () => {
  const names = new Set<string>(KEY_TABLE.map(({ name }) => name));
  for (const { help } of KEY_TABLE)
    for (const [, name = ''] of help.matchAll(/\{([^}]*)\}/g)) expect(names).toContain(name);
});

const session = sessionWith({ allow: ['b', 'ctrl-k'], confirm: ['ctrl-y'], undo: ['U'], leave: ['X'] });

it('a chosen key does what its action does, and the usual one does nothing any more', () => {
  for (const key of ['b', 'ctrl-k'])
    expect(messageOf(session.state(), key, '')).toEqual({ type: 'allow-pressed' });
  expect(messageOf(session.state(), 'a', 'a')).toBeNull();
  expect(messageOf(session.state(), 'u', 'u')).toBeNull();
});

it('a chosen key stands in the footer, the help, the palette and the other help texts', () => {
  expect(session.rows().at(-1)).toContain('b allow');
  expect(session.rows().at(-1)).toContain('X quit');
  expect(keyTable(session.state()).find(({ name }) => name === 'journal')?.help).toContain('; U takes');
  session.press(':');
  session.type('allow the host');
  expect(shown(session)).toContain('(b)');
  session.press('esc', '?');
  session.press(...Array.from({ length: 60 }, () => 'j'));
  expect(shown(session)).toMatch(/b Ctrl-K +allow the host/);
  session.press('esc');
});

it('a chosen key leads out of a terminal that is too small', () => {
  session.tell({ type: 'resized', columns: 60, rows: 15 });
  expect(messageOf(session.state(), 'X', 'X')).toEqual({ type: 'quit' });
  expect(messageOf(session.state(), 'q', 'q')).toBeNull();
  session.tell({ type: 'resized', columns: 100, rows: 30 });
});

it('the palette finds an action by its stable name', () => {
  const session = openSession();
  session.press(':');
  session.type('pane-beside');
  expect(shown(session)).toContain(keyFor(session.state(), 'pane-beside'));
  expect(shown(session)).toContain('pane beside the list');
});

it('a name of an action in a log is no key', () => {
  const session = openSession();
  session.press('/');
  session.type('{allow}');
  session.press('enter');
  expect(shown(session)).toContain('{allow}');
});

it('chosen keys stand in the header and in notices, too', () => {
  const traffic = trafficOf([decision('deny', { host: 'x.example' })]);
  const session = openSession({ traffic });
  const keys = { 'show-dismissed': ['Z'], 'policy-screen': ['P'] };
  session.tell({ type: 'preferences-changed', preferences: { keys }, notice: { text: '', tone: 'plain' } });
  session.press('2', 'M');
  expect(shown(session)).toContain('1 muted (Z)');
  session.press('O');
  expect(shown(session)).toContain('shadow mode is switched on Policy (P)');
});
