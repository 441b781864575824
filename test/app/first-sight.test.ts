import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { SourceStatus } from '../../src/core/source-status.ts';
import { preferring } from '../../src/app/state/preferences.ts';
import { isFirstStart } from '../../src/commands/config/first-start.ts';
import { orientationLines } from '../../src/app/select/orientation.ts';
import { decision } from '../core/sample-events.ts';
import { openSession, type Session, type SessionOptions } from './session.ts';
import { NOW, trafficOf } from './traffic-of.ts';

const LOG = '/var/log/egress.jsonl';

/** A dashboard on one source in this state, on this screen. */
function looking(
  screen: string,
  source: Partial<SourceStatus>,
  lines = 0,
  given: SessionOptions = {},
): Session {
  const session = openSession({ columns: 120, ...given });
  if (lines > 0) session.store.traffic.addRead(LOG, { lines, records: 0, decisions: 0, untimed: 0 });
  session.tell({
    type: 'source-changed',
    source: { source: LOG, state: 'live', why: null, readBytes: 0, totalBytes: 0, ...source },
  });
  session.press(screen);
  session.flush();
  return session;
}

const SOURCES: readonly (readonly [string, Partial<SourceStatus>, number, RegExp])[] = [
  ['missing', { state: 'waiting' }, 0, /egress\.jsonl: it is not there yet; it is read as soon as it is/],
  [
    'unreadable',
    { state: 'failed', why: 'permission denied' },
    0,
    /cannot be read: permission denied\. Key o says what helps/,
  ],
  ['empty', { state: 'live' }, 0, /it is empty so far/],
  [
    'a folder without logs',
    { state: 'waiting', isPlace: true },
    0,
    /no log is there yet; each is read as soon/,
  ],
  ['gone', { state: 'gone' }, 0, /it is gone; it is read again/],
  ['a folder', { state: 'live', isPlace: true }, 0, /a folder or pattern; no log in it/],
  [
    'without records',
    { state: 'live' },
    7,
    /7 lines, none of them a record that is known\. Key ! lists them/,
  ],
];

it.each(SOURCES.flatMap(row => ['1', '2', '3', '4', '5'].map(screen => [screen, ...row] as const)))(
  'an empty list says why and what helps: screen %s, log %s',
  (screen, _, source, lines, why) => {
    expect(looking(screen, source, lines).rows().join('\n')).toMatch(why);
  },
);

it.each([
  ['1', 'No decision has been read yet'],
  ['2', 'nothing was denied'],
  ['5', 'No record has been read yet'],
  ['S', 'Nothing to suggest: no decision has been read yet'],
])('an empty list names its state at once, on screen %s', (screen, text) => {
  expect(looking(screen, { state: 'waiting' }).rows().join('\n')).toContain(text);
});

it('Denied without denials leads to the decisions, and with all of them put aside to what shows them', () => {
  const allowed = openSession({ traffic: trafficOf([decision('allow', { host: 'a.test', at: NOW })]) });
  allowed.press('2');
  expect(allowed.rows().join('\n')).toContain('Nothing was denied: key 1 lists the hosts of the 1 decision.');
  const muted = openSession({ traffic: trafficOf([decision('deny', { host: 'a.test', at: NOW })]) });
  muted.press('2', 'M');
  expect(muted.rows().join('\n')).toContain('1 host muted or dismissed. Key v shows it.');
});

it('the help of an empty list is whole on a terminal of 80 columns, and its commands keep their blanks', () => {
  const [sentence, command] = [`word `.repeat(30).trim(), `    run  ${'x'.repeat(100)}`];
  const session = openSession({ columns: 80, options: { emptyHelp: [sentence, '', command] } });
  const shown = session.rows().map(row => row.trim());
  expect(shown.join(' ')).toContain(sentence);
  expect(shown.join('')).toContain(command.trim());
  expect(shown.join('')).not.toContain('…');
});

it('an empty list tells the name of a log, and its whole path where another log has that name', () => {
  const session = looking('1', { state: 'waiting' });
  expect(session.rows().join('\n')).toMatch(/^ {2}egress\.jsonl: it is not there yet/m);
  session.tell({
    type: 'source-changed',
    source: { source: '/b/egress.jsonl', state: 'live', why: null, readBytes: 0, totalBytes: 0 },
  });
  session.flush();
  expect(session.rows().join('\n')).toMatch(/^ {2}\/var\/log\/egress\.jsonl: it is not there yet/m);
});

it('Policy without entries says what hinders the key that adds one', () => {
  const readonly = openSession({ policy: 'allow: []\n', options: { isReadonly: true } });
  readonly.press('6');
  expect(readonly.rows().join('\n')).toContain('start without it, and a adds one');
});

/** A home in which nothing was started. */
function freshHome(): { readonly env: Readonly<Record<string, string>>; readonly home: string } {
  const home = mkdtempSync(join(tmpdir(), 'egresstop-first-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return { env: { XDG_STATE_HOME: join(home, 'state') }, home };
}

it('a start is the first one once, and where it cannot be remembered it is none', () => {
  const places = freshHome();
  expect([isFirstStart(places), isFirstStart(places)]).toEqual([true, false]);
  writeFileSync(join(places.home, 'file'), '');
  const under = { XDG_STATE_HOME: join(places.home, 'file/state') };
  expect(isFirstStart({ env: under, home: null })).toBe(false);
  expect(isFirstStart({ ...freshHome(), env: { EGRESSTOP_ORIENTATION: 'off' } })).toBe(false);
});

it('three lines of orientation fit 80 columns, stand above the list, and go with Esc', () => {
  const session = openSession({ columns: 80, rows: 24 });
  const first = preferring(session.state(), { isFirstStart: true });
  const lines = orientationLines(first).map(line => line.map(({ text }) => text).join(''));
  expect(lines.map(line => line.length <= 80 && !line.includes('…'))).toEqual([true, true, true]);
  session.tell({
    type: 'preferences-changed',
    preferences: { isFirstStart: true },
    notice: { text: '', tone: 'plain' },
  });
  expect(session.rows().slice(3, 6)).toEqual(lines.map(line => line.trimEnd()));
  session.press('esc');
  expect(session.rows().join('\n')).not.toContain('puts these lines away');
});

const HOSTS = ['files.pypi.org', 'docs.rs', 'my.files.test'];

it('candidates of the filter stand under the prompt, the best first, with what was typed highlighted', () => {
  const session = openSession({
    traffic: trafficOf(HOSTS.map(host => decision('deny', { host, at: NOW }))),
  });
  session.press('/');
  session.type('host:fil');
  const shown = session
    .view()
    .frame.filter(line => /^ *▌? *host:[^ ]/.test(line.map(({ text }) => text).join('')));
  expect(
    shown.map(line =>
      line
        .map(({ text }) => text)
        .join('')
        .trim(),
    ),
  ).toEqual(['▌ host:files.pypi.org', 'host:my.files.test']);
  expect(shown.map(line => line.find(({ tone }) => /match/.test(tone))?.text)).toEqual(['fil', 'fil']);
  session.press('down', 'tab');
  expect(session.state().filter.text).toBe('host:my.files.test ');
});

it('the list under the prompt is whole where there is no word to complete', () => {
  const session = openSession();
  session.press('/');
  expect(session.view().dialog.height).toBe(0);
});
