import { expect, it } from 'vitest';
import { decision } from '../../core/sample-events.ts';
import { openSession, type Session } from '../session.ts';
import { NOW, trafficOf } from '../traffic-of.ts';

const HOSTS = ['a.test', 'b.test', 'c.test', 'b.test', 'd.test', 'b.test', 'e.test'];

/** Stream over one record of each host, the last one newest and on top. */
function onStream(hosts: readonly string[] = HOSTS): Session {
  const session = openSession({
    columns: 100,
    rows: 30,
    traffic: trafficOf(
      hosts.map((host, index) => decision('allow', { host, at: NOW - 1_000 * (100 - index) })),
    ),
  });
  session.press('5');
  return session;
}

const under = ({ rows }: Session): string =>
  /(\w+\.test)/.exec(rows().find(row => row.startsWith('▌')) ?? '')?.[1] ?? '';
const RECORD = /allow +\w\.test /;
const index = ({ rows }: Session): number => {
  const shown = rows().filter(row => RECORD.test(row));
  return shown.findIndex(row => row.startsWith('▌'));
};
const count = ({ rows }: Session): number => rows().filter(row => RECORD.test(row)).length;

const searching = (text: string): Session => {
  const session = onStream();
  session.press('/');
  session.type(text);
  session.press('enter');
  session.press('esc');
  return session;
};

it.each(['b.test', 'host:b.test', 'host:b.* verdict:allow'])(
  'n and N on Stream go to the records of the filter %s that Esc cleared, among all others, and around the ends',
  text => {
    const session = searching(text);
    expect(count(session)).toBe(HOSTS.length);
    expect(session.rows().join('\n')).toContain(`all records again: n and N go to those that match /${text}`);
    session.press('g');
    const found: number[] = [];
    for (const key of ['n', 'n', 'n', 'n', 'N', 'N']) {
      session.press(key);
      expect(under(session)).toBe('b.test');
      found.push(index(session));
    }
    expect(found).toEqual([1, 3, 5, 1, 5, 3]);
  },
);

it('a search on Stream that goes on at the other end says so', () => {
  const session = searching('a.test');
  session.press('G', 'n');
  expect(under(session)).toBe('a.test');
  expect(session.rows().at(-1)).toContain('the search went on at the top');
});

it('n under a filter of Stream goes to the next row, which is a match', () => {
  const session = onStream();
  session.press('/');
  session.type('b.test');
  session.press('enter', 'n', 'n');
  expect(index(session)).toBe(2);
  session.press('N');
  expect(index(session)).toBe(1);
  expect(count(session)).toBe(3);
});

it('n says how to look for something where no filter was cleared, and where nothing matches', () => {
  const session = onStream();
  session.press('n');
  expect(session.rows().at(-1)).toContain('nothing to look for: / filters, Esc shows all records again');
  const vain = searching('zzz.test');
  vain.press('n');
  expect(vain.rows().at(-1)).toContain('no record on Stream matches /zzz.test');
  vain.press('1', 'n');
  expect(vain.rows().at(-1)).toContain('there are matches to go to on pages and on Stream');
});

it('an empty Stream has no match, and n ends', () => {
  const session = openSession({ traffic: trafficOf([]) });
  session.press('5', '/');
  session.type('x');
  session.press('enter', 'esc', 'n');
  expect(session.rows().at(-1)).toContain('no record on Stream matches /x');
});
