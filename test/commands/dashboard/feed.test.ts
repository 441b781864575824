import { expect, it } from 'vitest';
import { dashboardFeed } from '../../../src/commands/dashboard/feed.ts';
import { selectionOf } from '../../../src/reading/selection.ts';
import type { SourceListener } from '../../../src/sources/source.ts';
import { SYSTEMS } from '../../../src/systems/index.ts';
import { openSession, type Session } from '../../app/session.ts';

const record = (at: string, verdict: string): string =>
  `{"at":"${at}","system":"egresstop","source":"a.jsonl","kind":"connect","verdict":"${verdict}","host":"a.example"}`;

function fed(since?: string): { readonly session: Session; readonly feed: SourceListener } {
  const session = openSession();
  const feed = dashboardFeed(session.store, {
    systems: SYSTEMS,
    specs: [],
    selection: selectionOf(since === undefined ? {} : { since }, 0),
    edited: null,
    older: () => undefined,
    onMediatorNews: () => undefined,
  });
  return { session, feed };
}

it('the dashboard counts all records of a source, also those that --since leaves out', () => {
  const { session, feed } = fed('2026-11-20T00:00:00Z');
  const lines = [
    record('2026-11-19T10:00:00Z', 'allow'),
    record('2026-11-21T10:00:00Z', 'deny'),
    record('no time at all', 'deny'),
    '{"event":"chime"}',
    'no record',
  ];
  feed.lines({ source: 'a.jsonl', first: 1, lines });
  expect(session.store.traffic.totals.total).toBe(1);
  expect(session.store.traffic.sources.get('a.jsonl')).toEqual({
    lines: 5,
    records: 4,
    decisions: 3,
    untimed: 2,
  });
});

it('a piece of a line whose rest never came is malformed once its source has ended', () => {
  const { session, feed } = fed();
  const piece = JSON.stringify({ log: '{"torn', stream: 'stdout', time: '2026-11-20T00:00:00Z' });
  feed.lines({ source: '-', first: 1, lines: [piece] });
  expect(session.store.traffic.malformed).toBe(0);
  feed.status({ source: '-', state: 'ended', why: null, readBytes: 0, totalBytes: 0 });
  expect(session.store.traffic.malformed).toBe(1);
  expect(session.store.traffic.sources.get('-').lines).toBe(1);
});
