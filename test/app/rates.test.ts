import { expect, it } from 'vitest';
import { decision } from '../core/sample-events.ts';
import { openSession, type Session } from './session.ts';
import { NOW, trafficOf } from './traffic-of.ts';

const MINUTE = 60_000;

const at = (host: string, minutesAgo: number) =>
  decision('allow', { host, tool: 'fetch', agent: 'builder', at: NOW - minutesAgo * MINUTE });

/** `busy` was asked for a minute ago, `quiet` an hour ago and far more often. */
const EVENTS = [
  ...Array.from({ length: 100 }, () => at('quiet.example', 60)),
  ...Array.from({ length: 24 }, () => at('busy.example', 1)),
  at('slow.example', 2),
];

const open = (columns = 200): Session =>
  openSession({ traffic: trafficOf(EVENTS), columns, rows: 30, policy: null });

const rowOf = (session: Session, host: string): string =>
  session.rows().find(row => row.includes(host)) ?? '';

it('a wide list shows how often each row is asked for now, and its last minutes as bars', () => {
  const session = open();
  session.press('|');
  expect(session.rows().join('\n')).toMatch(/RATE +TREND/);
  expect(rowOf(session, 'busy.example')).toMatch(/ 6\.0↑ .*█/);
  expect(rowOf(session, 'slow.example')).toMatch(/ 0\.3 .*█/);
  expect(rowOf(session, 'quiet.example')).toMatch(/ · /);
});

it('the list is sorted by rate, and the column carries the arrow', () => {
  const session = open(120);
  session.press('s', ...Array<string>(8).fill('down'), 'enter');
  expect(session.state().lists.hosts.sort).toBe('rate');
  expect(session.view().order.slice(0, 2)).toEqual(['busy.example', 'slow.example']);
  expect(session.rows().join('\n')).toContain('RATE▾');
});

it('a log in which nothing happens now has no columns for it', () => {
  const session = openSession({
    traffic: trafficOf([at('old.example', 60)]),
    columns: 200,
    rows: 30,
    policy: null,
  });
  session.press('|');
  expect(session.rows().join('\n')).not.toContain('RATE');
});

it('an exported rate is a number, without the arrow of the screen', () => {
  const { columns, rows } = open().view().table();
  const at = columns.findIndex(({ name }) => name === 'rate');
  expect(rows.map(row => row[at])).toEqual([0, 6, 0.3]);
});
