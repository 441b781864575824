import { expect, it } from 'vitest';
import type { PartialLog } from '../../src/core/completeness.ts';
import { openSession } from './session.ts';

const log = (type: PartialLog['completeness']['type']): PartialLog => ({
  log: `/${type}.jsonl`,
  holds: 'denials and findings only',
  completeness: { type, why: null },
});

it.each([
  [[log('lossy')], 'denials and findings only: lossy'],
  [[log('complete')], 'denials and findings only: complete'],
  [[log('unknown'), log('lossy'), log('unknown')], 'denials and findings only: 1 lossy, 2 unknown'],
])('the header says how far a partial log can be relied on: %#', (partialLogs, text) => {
  const session = openSession({ columns: 140 });
  session.store.dispatch({ type: 'partial-logs-read', partialLogs });
  expect(session.rows()[0]).toContain(text);
});

it('the header points to a live source that has a warning', () => {
  const session = openSession({ columns: 140 });
  const source = {
    source: 'nats://h/AUDIT',
    state: 'live',
    why: 'an old server',
    readBytes: 0,
    totalBytes: 0,
  } as const;
  session.store.dispatch({ type: 'source-changed', source });
  expect(session.rows()[0]).toContain('● 1 live 1 with a warning (o)');
});
