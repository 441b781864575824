import { expect, it } from 'vitest';
import { decision, info } from '../../core/sample-events.ts';
import { openSession } from '../session.ts';
import { NOW, trafficOf } from '../traffic-of.ts';

it('the chain of an attempt holds the record that is open, marked, in its place', () => {
  const of = { correlationId: 'c1', host: 'a.example', at: NOW };
  const events = [
    info({ ...of, kind: 'call', hop: null }),
    decision('allow', { ...of, kind: 'asked', hop: 0 }),
    decision('deny', { ...of, kind: 'answered', hop: 1 }),
  ];
  const session = openSession({ traffic: trafficOf(events), rows: 60 });
  session.press('5');
  session.store.dispatch({ type: 'opened' });
  const rows = session.rows();
  const chain = rows.slice(rows.findIndex(row => row.includes('SAME ATTEMPT')) + 1).slice(0, 3);
  expect(
    chain.map(row => [
      row.includes('▸'),
      row.includes('(this record)'),
      /call|asked|answered/.exec(row)?.[0],
    ]),
  ).toEqual([
    [false, false, 'call'],
    [false, false, 'asked'],
    [true, true, 'answered'],
  ]);
});
