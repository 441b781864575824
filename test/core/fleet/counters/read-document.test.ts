import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowKey, type CounterDocument } from '../../../../src/core/fleet/counters/counter-document.ts';
import { MachineCounters } from '../../../../src/core/fleet/counters/machine-counters.ts';
import { readDocument } from '../../../../src/core/fleet/counters/read-document.ts';
import { nameOfToken, tokenOf } from '../../../../src/core/fleet/counters/token.ts';
import { writeDocument } from '../../../../src/core/fleet/counters/write-document.ts';
import { runs, often } from '../../../runs.ts';
import { decision } from '../../sample-events.ts';

function documents(): readonly CounterDocument[] {
  const counters = new MachineCounters(
    { tenant: 't', machine: 'm', epoch: 'e' },
    { epoch: 'd', sequence: 3 },
  );
  counters.count(decision('deny', { host: 'a.example', tool: 'curl', at: 5, bytes: 7 }));
  counters.commit([{ id: 'f', name: '/log', offset: 4, size: 9, lines: 1 }]);
  return [
    ...counters.shardsSince(0, 1),
    counters.ledger({ run: 'r', everyMs: 5, policy: null }, 1),
    { type: 'epochs', tenant: 't', machine: 'm', epochs: ['d', 'e'] },
  ];
}

describe('documents of counters', () => {
  it('a document that was written reads back as it was', () => {
    for (const document of documents()) expect(readDocument(writeDocument(document))).toEqual(document);
  });

  it.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['another version', '{"v":2,"type":"shard"}'],
    ['another type', '{"v":1,"type":"row"}'],
  ])('%s is refused', (_, text) => {
    expect(readDocument(text).type).toBe('refused');
  });

  it.each<[string, (record: Record<string, unknown>) => void]>([
    ['a count below zero', record => (record['rows'] = [['a.example', null, null, 0, -1, 0, null, null]])],
    ['a count that is no whole number', record => (record['sequence'] = 1.5)],
    [
      'a host of another shard',
      record => (record['rows'] = [['b.example', null, null, 0, 1, 0, null, null]]),
    ],
    ['a row twice', record => (record['rows'] = [0, 1].map(() => (record['rows'] as unknown[])[0]))],
    ['a verdict that nobody knows', record => (record['rows'] = [['a.example', null, null, 9, 1, 0, 0, 0]])],
    ['a name without end', record => (record['machine'] = 'm'.repeat(256))],
    ['more rows than a shard holds', record => (record['rows'] = Array.from({ length: 20_000 }, () => []))],
    ['a folded row that names a host', record => (record['folded'] = record['rows'])],
    ['a shard above the last', record => (record['shard'] = 16)],
    ['a moment that no date has', record => (record['sent'] = 1e300)],
  ])('%s is refused', (_, spoil) => {
    const [shard] = documents();
    const record = JSON.parse(shard ? writeDocument(shard) : '{}') as Record<string, unknown>;
    spoil(record);
    expect(readDocument(JSON.stringify(record)).type).toBe('refused');
  });

  it('whatever JSON a machine sends, reading gives a document or a reason', () => {
    const [shard, ledger] = documents().map(one => JSON.parse(writeDocument(one)) as Record<string, unknown>);
    fc.assert(
      fc.property(
        fc.constantFrom(shard, ledger),
        fc.constantFrom(...Object.keys({ ...shard, ...ledger })),
        fc.jsonValue(),
        (known, field, value) => {
          const read = readDocument(JSON.stringify({ ...known, [field]: value }));
          expect(typeof read.type).toBe('string');
        },
      ),
      { numRuns: runs(1_000) },
    );
  });
});

describe('tokens of subjects', () => {
  it('every name has one token of its own, which holds nothing that NATS reads', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), name => {
        const token = tokenOf(name);
        expect(token).toMatch(/^[A-Za-z0-9_-]+$/);
        expect(nameOfToken(token)).toBe(name);
      }),
      { numRuns: runs(1_000) },
    );
  });

  it.each(['a.b', '_2e', '_ZZ', '_C3', 'a_', '*', '>', '_41'])('%j is no token of a name', token => {
    expect(nameOfToken(token)).toBeNull();
  });
});

it('two rows have one key only where all their names and the verdict are equal', () => {
  const name = fc.option(fc.constantFrom('a', '1:a', '-', 'a1:a', '1', ':'), { nil: null });
  const names = fc.tuple(name, name, name);
  fc.assert(
    fc.property(names, names, (one, other) => {
      const [key, otherKey] = [one, other].map(([host, tool, agent]) =>
        rowKey({ host, tool, agent, verdict: 'deny', count: 1, bytes: 0, first: null, last: null }),
      );
      expect(key === otherKey).toBe(JSON.stringify(one) === JSON.stringify(other));
    }),
    { numRuns: often(1_000) },
  );
});
