import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDecision, VERDICTS, type EgressEvent } from '../../../../src/core/event.ts';
import type { CounterDocument, CounterRow } from '../../../../src/core/fleet/counters/counter-document.ts';
import { subjectOf } from '../../../../src/core/fleet/counters/counter-subject.ts';
import { FleetCounters } from '../../../../src/core/fleet/counters/fleet-counters.ts';
import { MachineCounters } from '../../../../src/core/fleet/counters/machine-counters.ts';
import { readDocument } from '../../../../src/core/fleet/counters/read-document.ts';
import { writeDocument } from '../../../../src/core/fleet/counters/write-document.ts';
import { runs } from '../../../runs.ts';
import { decision, info } from '../../sample-events.ts';

const NOTES = { run: 'r', everyMs: 60_000, policy: null };
const FILE = { id: 'f', name: '/log', size: 0, lines: 0, offset: 0 };

const event: fc.Arbitrary<EgressEvent> = fc
  .record({
    verdict: fc.constantFrom(...VERDICTS, null),
    at: fc.option(fc.nat({ max: 1_000 })),
    host: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', null),
    tool: fc.constantFrom('fetch', 'bash', null),
    agent: fc.constantFrom('x', null),
    bytes: fc.option(fc.nat({ max: 1_000 })),
  })
  .map(({ verdict, ...known }) => (verdict === null ? info(known) : decision(verdict, known)));

/** A record, the end of a round, or the end of the process behind it. */
type Step = EgressEvent | 'commit' | 'kill' | 'state lost';
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: event },
  { weight: 2, arbitrary: fc.constant<Step>('commit') },
  { weight: 1, arbitrary: fc.constant<Step>('kill') },
  { weight: 1, arbitrary: fc.constant<Step>('state lost') },
);

const passed = (document: CounterDocument): CounterDocument => {
  const read = readDocument(writeDocument(document));
  if (read.type === 'refused') throw new Error(read.why);
  return read;
};

/** A shipper of one file: what it published, the last document of each subject, and the records that it counted. */
function shipped(machine: string, steps: readonly Step[]) {
  const published: CounterDocument[] = [];
  const file: EgressEvent[] = [];
  const epochs = ['e0'];
  let counters = new MachineCounters({ tenant: 't', machine, epoch: 'e0' });
  let [offset, committed, run] = [0, 0, 0];
  const publish = (since: number): void => {
    published.push({ type: 'epochs', tenant: 't', machine, epochs: [...epochs] });
    published.push(...counters.shardsSince(since, published.length));
    published.push(counters.ledger({ ...NOTES, run: `${run}` }, published.length));
  };
  const commit = (since = counters.sequence): void => {
    for (; offset < file.length; offset += 1) {
      const record = file[offset];
      if (record) counters.count(record);
      counters.note({ lines: 1 });
    }
    committed = offset;
    counters.commit([{ ...FILE, offset, lines: offset, size: offset }]);
    publish(since);
  };
  for (const one of [...steps, 'commit' as const]) {
    if (typeof one === 'object') file.push(one);
    else if (one === 'commit') commit();
    else if (one === 'kill') {
      // what was counted after the commit is forgotten with its offset
      const ledger = passed(counters.ledger(NOTES, 0));
      const shards = counters.shardsSince(0, 0).map(passed);
      if (ledger.type === 'ledger' && committed === offset)
        counters = MachineCounters.of(
          ledger,
          shards.filter(shard => shard.type === 'shard'),
        );
      run += 1;
      commit(0);
    } else {
      const after = { epoch: counters.place.epoch, sequence: counters.sequence };
      if (after.sequence === 0) continue;
      epochs.push(`e${epochs.length}`);
      counters = new MachineCounters({ tenant: 't', machine, epoch: `e${epochs.length - 1}` }, after);
      commit(0);
    }
  }
  const last = new Map(published.map(document => [subjectOf(document), document]));
  return { published: published.map(passed), last: [...last.values()].map(passed), file };
}

const take = (fleet: FleetCounters, document: CounterDocument): string =>
  fleet.take(subjectOf(document), { document, stored: 0 });

/** Totals of rows by host, tool, agent and verdict. */
class Sums {
  readonly counts = new Map<string, number>();
  readonly bytes = new Map<string, number>();

  add({ host, tool, agent, verdict, count, bytes }: Omit<CounterRow, 'first' | 'last'>): void {
    const key = JSON.stringify([host, tool, agent, verdict]);
    if (count > 0) this.counts.set(key, (this.counts.get(key) ?? 0) + count);
    if (bytes > 0) this.bytes.set(key, (this.bytes.get(key) ?? 0) + bytes);
  }
}

function sumsOf(events: readonly EgressEvent[]): Sums {
  const sums = new Sums();
  for (const event of events)
    if (isDecision(event)) sums.add({ ...event, count: 1, bytes: event.bytes ?? 0 });
    else if (event.host !== null) sums.add({ ...event, count: 0, bytes: event.bytes ?? 0 });
  return sums;
}

const machines = fc.tuple(fc.array(step, { maxLength: 40 }), fc.array(step, { maxLength: 40 }));

describe('counters of a fleet', () => {
  it('the last documents give the totals of the files, whatever came twice, late or never before them', () => {
    fc.assert(
      fc.property(machines, fc.infiniteStream(fc.nat({ max: 9 })), (all, chance) => {
        const sums = new Sums();
        const fleet = new FleetCounters(
          { tenant: 't' },
          { grown: (_, rows) => rows.forEach(row => sums.add(row)), folded: () => undefined },
        );
        const parts = all.map((steps, i) => shipped(`m${i}`, steps));
        const next = (): number => chance.next().value ?? 0;
        const noise = parts.flatMap(({ published }) =>
          published.flatMap(document => Array.from({ length: next() % 3 }, () => document)),
        );
        const order = [...noise, ...parts.flatMap(({ last }) => last)]
          .map(document => ({ document, place: next() }))
          .sort((one, other) => one.place - other.place);
        for (const { document } of order) take(fleet, document);
        const expected = sumsOf(parts.flatMap(({ file }) => file));
        expect(sums.counts).toEqual(expected.counts);
        expect(sums.bytes).toEqual(expected.bytes);
        for (const [i, { file }] of parts.entries()) {
          const state = fleet.machine(`m${i}`);
          expect(state?.counts.total).toBe(file.filter(isDecision).length);
          expect(state?.lines).toBe(file.length);
          expect(state?.info).toBe(file.filter(event => !isDecision(event)).length);
          expect(state?.shortfall).toEqual({ decisions: 0, unheardEpochs: 0 });
          expect(state?.doubt).toBeNull();
        }
      }),
      { numRuns: runs(500) },
    );
  });

  it('while documents are missing, what is counted and what is said to be missing cover what the ledgers name', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.infiniteStream(fc.boolean()), (steps, heard) => {
        const fleet = new FleetCounters({ tenant: 't' });
        const { last, file } = shipped('m', steps);
        const lost = last.filter(document => heard.next().value === false || take(fleet, document) === '');
        const state = fleet.machine('m');
        const decisions = file.filter(isDecision).length;
        const isLedgerKnown = lost.every(({ type }) => type === 'shard');
        if (state && isLedgerKnown) expect(state.counts.total + state.shortfall.decisions).toBe(decisions);
        if (state && !isLedgerKnown && !lost.some(({ type }) => type === 'epochs'))
          expect(state.shortfall.unheardEpochs).toBeGreaterThan(0);
      }),
      { numRuns: runs(500) },
    );
  });

  it('a machine that speaks for another one, or for another tenant, is refused', () => {
    const fleet = new FleetCounters({ tenant: 't' });
    const { last } = shipped('m', [decision('allow', { host: 'a' })]);
    const ledger = last.find(document => document.type === 'ledger');
    if (!ledger) throw new Error('no ledger');
    const received = { document: ledger, stored: 0 };
    expect(fleet.take(subjectOf({ ...ledger, machine: 'other' }), received)).toBe('refused');
    expect(new FleetCounters({ tenant: 'u' }).take(subjectOf(ledger), received)).toBe('refused');
    expect(fleet.size).toBe(0);
  });

  it('a tenant holds no more machines than its limit, and the others are counted as refused', () => {
    const fleet = new FleetCounters({ tenant: 't', machines: 2 });
    for (const name of ['m0', 'm1', 'm2']) for (const one of shipped(name, []).last) take(fleet, one);
    expect(fleet.size).toBe(2);
    expect([...fleet.refusals.keys()]).toEqual(['is of more than 2 machines']);
  });

  it('an epoch that grows after it was taken over, and a run that speaks again, are told as two shippers', () => {
    const fleet = new FleetCounters({ tenant: 't' });
    const first = new MachineCounters({ tenant: 't', machine: 'm', epoch: 'a' });
    first.commit([]);
    const second = new MachineCounters(
      { tenant: 't', machine: 'm', epoch: 'b' },
      { epoch: 'a', sequence: 1 },
    );
    second.commit([]);
    for (const counters of [first, second]) take(fleet, counters.ledger(NOTES, 1));
    expect(fleet.machine('m')?.doubt).toBeNull();
    first.commit([]);
    take(fleet, first.ledger(NOTES, 2));
    expect(fleet.machine('m')?.doubt).toContain('took it over');
    for (const [sent, run] of ['one', 'two', 'one'].entries())
      take(fleet, second.ledger({ ...NOTES, run }, 10 + sent));
    expect(fleet.machine('m')?.doubt).toContain('two shippers');
  });

  it('hosts and names without room are folded into rows that keep every total exact', () => {
    const counters = new MachineCounters({ tenant: 't', machine: 'm', epoch: 'e' }, null, {
      hosts: 10,
      shardBytes: 600,
    });
    const all = Array.from({ length: 400 }, (_, i) =>
      decision('deny', {
        host: `h${i % 40}`,
        tool: `t${i % 7}`,
        agent: i % 5 === 0 ? 'x'.repeat(300) : null,
      }),
    );
    for (const one of all) counters.count(one);
    counters.count(decision('allow', { host: 'h'.repeat(300) }));
    counters.commit([]);
    const shards = counters.shardsSince(0, 0).map(passed);
    const fleet = new FleetCounters({ tenant: 't' });
    for (const one of [...shards, passed(counters.ledger(NOTES, 0))]) take(fleet, one);
    const state = fleet.machine('m');
    expect(state?.counts.total).toBe(401);
    expect(state?.counts.deny).toBe(400);
    expect(state?.folded).toBeGreaterThan(0);
    for (const shard of shards) expect(writeDocument(shard).length).toBeLessThan(2_000);
  });
});
