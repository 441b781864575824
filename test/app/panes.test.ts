import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lineWidth } from '../../src/app/select/text/fit.ts';
import { decision } from '../core/sample-events.ts';
import { runs } from '../runs.ts';
import { openSession, type Session } from './session.ts';
import { NOW, trafficOf } from './traffic-of.ts';

const HOSTS = ['docs.rs', 'files.pypi.org', 'pinned.example', 'evil.example', '例え.テスト.example'];
const EVENTS = Array.from({ length: 60 }, (_, index) =>
  decision(index % 3 === 0 ? 'deny' : 'allow', {
    host: HOSTS[index % HOSTS.length] ?? null,
    tool: index % 2 === 0 ? 'fetch' : 'shell',
    agent: 'builder',
    at: NOW - (60 - index) * 1_000,
    reason: 'because',
  }),
);

const open = (columns: number, rows: number): Session =>
  openSession({ traffic: trafficOf(EVENTS), columns, rows });

const screenOf = (session: Session): string => session.rows().join('\n');

it('whatever the size, the screen and the panes, the frame has the size of the terminal', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 80, max: 260 }),
      fc.integer({ min: 24, max: 90 }),
      fc.array(
        fc.constantFrom(
          '1',
          '2',
          '3',
          '4',
          '5',
          '6',
          '7',
          '|',
          '_',
          'j',
          'G',
          'a',
          'esc',
          '+',
          '-',
          '[',
          ']',
        ),
        {
          maxLength: 8,
        },
      ),
      (columns, rows, keys) => {
        const session = open(columns, rows);
        session.press(...keys);
        const { frame } = session.view();
        expect(frame).toHaveLength(rows);
        for (const line of frame) expect(lineWidth(line)).toBeLessThanOrEqual(columns);
      },
    ),
    { numRuns: runs(300) },
  );
});

it('beside a list stands the page of the host under the cursor, and it moves with the cursor', () => {
  const session = open(160, 40);
  for (let row = 0; row < HOSTS.length; row += 1) {
    const host = session.view().order.at(row);
    expect(screenOf(session)).toMatch(new RegExp(` │ ${host} `));
    session.press('j');
  }
});

it.each([
  ['3', /│ tool fetch/],
  ['4', /│ agent builder/],
  ['5', /│ RECORD/],
  ['6', /│ allow docs\.rs/],
])('the pane shows what is under the cursor on screen %s', (screen, shown) => {
  const session = open(160, 40);
  session.press(screen);
  expect(screenOf(session)).toMatch(shown);
});

it('the newest records stand by time, however the logs were read one after the other', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 80 }), ages => {
      const events = ages.map((age, index) =>
        decision('allow', { host: `h${index}.example`, at: NOW - age * 1_000 }),
      );
      const session = openSession({ traffic: trafficOf(events), columns: 100, rows: 50 });
      const rows = session.rows();
      const below = rows.slice(rows.findIndex(row => row.includes('newest records')) + 1, -1);
      const shown = below.map(row => /h(\d+)\.example/.exec(row)?.[1]).filter(found => found !== undefined);
      const byTime = [...ages.keys()].sort(
        (one, other) => (ages[one] ?? 0) - (ages[other] ?? 0) || other - one,
      );
      expect(shown.map(Number)).toEqual(byTime.slice(0, shown.length));
      expect(shown.length).toBeGreaterThan(Math.min(ages.length, 5) - 1);
    }),
    { numRuns: runs(50) },
  );
});

it('below a list of a high terminal stand the newest records that the filter lets through', () => {
  const session = open(100, 50);
  expect(screenOf(session)).toContain('newest records ─');
  session.type('/verdict:deny');
  session.press('enter');
  const below = session.rows().slice(session.rows().findIndex(row => row.includes('newest records')) + 1);
  const records = below.filter(row => /^ +\d\d:\d\d/.test(row));
  expect(records.length).toBeGreaterThan(3);
  expect(records.every(row => / deny /.test(row))).toBe(true);
});

it.each([
  ['|', 160, 40, '│'],
  ['_', 100, 50, 'newest records'],
] as const)('%s takes its pane away and brings it back', (key, columns, rows, mark) => {
  const session = open(columns, rows);
  expect(screenOf(session)).toContain(mark);
  session.press(key);
  expect(screenOf(session)).not.toContain(mark);
  session.press(key);
  expect(screenOf(session)).toContain(mark);
});

it('80×24 and 139×44 have no panes', () => {
  for (const session of [open(80, 24), open(139, 44)]) {
    expect(screenOf(session)).not.toContain('│');
    expect(screenOf(session)).not.toContain('newest records');
  }
});

it('a click on the pane leaves the cursor where it is', () => {
  const session = open(160, 40);
  const { listRow } = session.view();
  session.tell({ type: 'row-clicked', row: listRow + 2, column: 150 });
  expect(session.rows()[listRow]).toMatch(/^▌/);
  session.tell({ type: 'row-clicked', row: listRow + 2, column: 10 });
  expect(session.rows()[listRow + 2]).toMatch(/^▌/);
});
