import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VERDICTS, type EgressEvent } from '../../../src/core/event.ts';
import { Counts } from '../../../src/core/traffic/counts.ts';
import { sortedByHost } from '../../../src/core/traffic/sums/sorted-by-host.ts';
import { PART, PARTS_A_ROW } from '../../../src/core/traffic/sums/sum-table.ts';
import { tableOf } from './table-of.ts';
import { LIMITS, type Limits } from '../../../src/core/limits.ts';
import { Traffic } from '../../../src/core/traffic/traffic.ts';
import { OTHER } from '../../../src/core/traffic/tally.ts';
import { decision, info } from '../sample-events.ts';
import { sums } from './traffic-sums.ts';

const NOW = Date.UTC(2026, 10, 19, 12);
const MINUTE = 60_000;
const TINY: Limits = { hosts: 5, names: 2, namesPerHost: 2, groups: 2, recentEvents: 4, problems: 2 };

function counted(events: readonly EgressEvent[], limits: Limits = LIMITS): Traffic {
  const traffic = new Traffic(limits);
  for (const event of events) traffic.add(event, NOW);
  return traffic;
}

const maybe = <T>(...values: readonly T[]): fc.Arbitrary<T | null> => fc.constantFrom(...values, null);
const event: fc.Arbitrary<EgressEvent> = fc
  .record({
    verdict: fc.constantFrom(...VERDICTS, null),
    at: fc.option(fc.integer({ min: NOW - 90 * MINUTE, max: NOW + 10 * MINUTE })),
    host: maybe('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
    tool: maybe('fetch', 'bash', 'curl'),
    agent: maybe('x', 'y', 'z', 'w'),
    reason: maybe('no', 'never', 'not now'),
    bytes: fc.option(fc.nat({ max: 1_000 })),
    durationMs: fc.option(fc.nat({ max: 1_000 })),
    correlationId: maybe('1', '2', '3'),
  })
  .map(({ verdict, ...known }) => (verdict === null ? info(known) : decision(verdict, known)));
const events = fc.array(event, { maxLength: 60 });
const half = (size: number): number => Math.floor(size / 2);

describe('the laws of counting', () => {
  it('sums of alike events count as the events would one by one', () => {
    fc.assert(
      fc.property(events, fc.integer({ min: 1, max: 60 }), (all, flushedAfter) => {
        const traffic = new Traffic();
        for (let from = 0; from < all.length; from += flushedAfter) {
          const table = tableOf(all.slice(from, from + flushedAfter));
          traffic.addTable(table, { from: 0, to: half(table.size) });
          traffic.addTable(table, { from: half(table.size), to: table.size });
        }
        const { recent: _, charted: __, ...expected } = sums(counted(all));
        expect(sums(traffic)).toMatchObject(expected);
      }),
    );
  });

  it('where denials are not kept, a host has the same tools, agents and reasons, and says of nobody that it was refused', () => {
    const facts = ({ hosts }: Traffic): unknown =>
      [...hosts.values()].map(({ name, byTool, byAgent, reasons, counts }) => [
        [name, counts.verdicts(), reasons.ranked()],
        [byTool, byAgent].map(by => by.ranked().map(([used, { total }]) => [used, total])),
      ]);
    fc.assert(
      fc.property(events, all => {
        const [kept, without] = [new Traffic(), new Traffic(LIMITS, null, false)];
        const table = tableOf(all);
        for (const traffic of [kept, without]) {
          traffic.addTable(table, { from: 0, to: table.size });
          for (const one of all) traffic.add(one, NOW);
        }
        expect(facts(without)).toEqual(facts(kept));
        expect([...without.hosts.values()].every(({ denied }) => denied === null)).toBe(true);
      }),
    );
  });

  it('a table sorted by host is the same table, with the rows of each host side by side', () => {
    fc.assert(
      fc.property(events, all => {
        const traffic = new Traffic();
        const table = sortedByHost(tableOf(all));
        const hosts = Array.from(
          { length: table.size },
          (_, row) => table.parts[row * PARTS_A_ROW + PART.host],
        );
        expect(hosts).toEqual(hosts.toSorted((one = 0, other = 0) => one - other));
        traffic.addTable(table, { from: 0, to: table.size });
        const { recent: _, charted: __, ...expected } = sums(counted(all));
        expect(sums(traffic)).toMatchObject(expected);
      }),
    );
  });

  it('merging two halves equals the whole', () => {
    fc.assert(
      fc.property(events, events, (one, other) => {
        const merged = counted(one);
        merged.merge(counted(other));
        expect(sums(merged)).toEqual(sums(counted([...one, ...other])));
      }),
    );
  });

  it('nothing is lost under a tiny limit: hosts and the evicted row add up to the totals', () => {
    fc.assert(
      fc.property(events, events, (one, other) => {
        const traffic = counted(one, TINY);
        traffic.merge(counted(other, TINY));
        const rows = [...traffic.hosts.values(), traffic.evicted.row];
        const whole = sums(counted([...one, ...other]));
        const bytes = whole.details.reduce((sum, row) => sum + row.bytes, 0);
        expect(traffic.totals.verdicts()).toEqual(whole.totals);
        for (const verdict of VERDICTS) {
          const total = whole.totals[verdict];
          for (const part of [rows, [...traffic.tools.values()], [...traffic.agents.values()]])
            expect(part.reduce((sum, row) => sum + row.counts[verdict], 0)).toBe(total);
        }
        expect(rows.reduce((sum, row) => sum + row.bytes, 0)).toBe(bytes);
        expect(traffic.hosts.size).toBeLessThanOrEqual(TINY.hosts);
        expect(traffic.tools.size).toBeLessThanOrEqual(TINY.names + 1);
        expect(traffic.recent.length + traffic.recent.dropped).toBe(one.length + other.length);
      }),
    );
  });

  it('the tools of a host, and its agents, add up to its verdicts, whatever was merged, folded or did not fit', () => {
    const limits = fc.constantFrom(TINY, LIMITS);
    fc.assert(
      fc.property(events, events, limits, (one, other, limit) => {
        const traffic = counted(one, limit);
        traffic.merge(counted(other, limit));
        for (const row of [...traffic.hosts.values(), traffic.evicted.row])
          for (const by of [row.byTool, row.byAgent]) {
            const summed = new Counts();
            for (const [, counts] of by.entries()) summed.merge(counts);
            expect(summed.verdicts()).toEqual(row.counts.verdicts());
            expect(by.size).toBeLessThanOrEqual(limit.namesPerHost + 1);
          }
      }),
    );
  });

  it('a tool of a host has the verdicts of its own decisions', () => {
    fc.assert(
      fc.property(events, given => {
        const traffic = counted(given);
        for (const [host, row] of traffic.hosts)
          for (const [tool, counts] of row.byTool.entries())
            for (const verdict of VERDICTS)
              expect(counts[verdict]).toBe(
                given.filter(
                  event =>
                    event.verdict === verdict && (event.host ?? '-') === host && (event.tool ?? '-') === tool,
                ).length,
              );
      }),
    );
  });

  it('a decision counts once for its host, its tool and its agent', () => {
    fc.assert(
      fc.property(events, given => {
        const traffic = counted(given);
        const decisions = given.filter(({ verdict }) => verdict !== null).length;
        expect(traffic.totals.total).toBe(decisions);
        expect(traffic.info).toBe(given.length - decisions);
        for (const rows of [traffic.hosts, traffic.tools, traffic.agents])
          expect([...rows.values()].reduce((sum, row) => sum + row.counts.total, 0)).toBe(decisions);
      }),
    );
  });
});

describe('a decision', () => {
  it('sets the span that the totals and its host cover; an info record does not', () => {
    const traffic = counted([
      info({ at: 1, host: 'a' }),
      decision('deny', { at: 30, host: 'a' }),
      decision('allow', { at: 20, host: 'a' }),
      decision('allow', { at: null, host: 'a' }),
      decision('allow', { at: 40, host: 'b' }),
      info({ at: 99, host: 'a' }),
    ]);
    const row = traffic.hosts.get('a');
    expect([traffic.from, traffic.to]).toEqual([20, 40]);
    expect([row?.first, row?.last, row?.lastDenied]).toEqual([20, 30, 30]);
  });

  it('without host, tool or agent counts under a dash', () => {
    const traffic = counted([decision('deny')]);
    expect([...traffic.hosts.keys(), ...traffic.tools.keys(), ...traffic.agents.keys()]).toEqual([
      '-',
      '-',
      '-',
    ]);
  });

  it('from the future is counted, not charted', () => {
    const traffic = counted([
      decision('deny', { at: NOW + 60 * MINUTE, host: 'a' }),
      decision('deny', { at: NOW, host: 'a' }),
    ]);
    expect([traffic.totals.deny, traffic.to]).toEqual([2, NOW + 60 * MINUTE]);
    expect(traffic.charts.newestAt).toBe(NOW);
    expect(traffic.charts.columns({ until: NOW, spanMs: 1_000, isWhole: false }, 1).counts[0]?.deny).toBe(1);
  });

  it('whose tool no longer fits counts under (other)', () => {
    const traffic = counted(
      ['a', 'b', 'c', 'd'].map(tool => decision('deny', { tool })),
      TINY,
    );
    expect(traffic.tools.get(OTHER)?.counts.deny).toBe(2);
  });

  it('the decisions of quiet hosts are dropped first when there are too many', () => {
    const busy = ['a', 'b', 'c', 'd'].flatMap(host => [
      decision('deny', { host }),
      decision('deny', { host }),
    ]);
    const traffic = counted(
      [...busy, decision('allow', { host: 'quiet' }), decision('allow', { host: 'new' })],
      TINY,
    );
    expect([...traffic.hosts.keys()]).toEqual(['a', 'b', 'c', 'd', 'new']);
    expect([traffic.evicted.hosts, traffic.evicted.row.counts.allow]).toEqual([1, 1]);
  });
});

describe('an info record', () => {
  it('adds bytes and a duration to its host, never a count', () => {
    const traffic = counted([
      decision('allow', { host: 'a', bytes: 1, durationMs: 5 }),
      info({ host: 'a', bytes: 10, durationMs: 9_999 }),
    ]);
    const row = traffic.hosts.get('a');
    expect([row?.bytes, row?.counts.total, row?.durations?.count]).toEqual([11, 1, 2]);
    expect([traffic.totals.total, traffic.info]).toEqual([1, 1]);
  });

  it('that moved nothing makes no host', () => {
    expect(counted([info({ host: 'a' }), info({ host: 'b', bytes: 0 })]).hosts.size).toBe(0);
  });
});

it('every change makes a new version, and problems are counted though only the newest are kept', () => {
  const traffic = new Traffic(TINY);
  const problem = {
    source: 'a',
    line: 1,
    column: null,
    severity: 'error' as const,
    why: 'not JSON',
    remedy: null,
  };
  const versions = [traffic.version];
  traffic.add(info(), NOW);
  versions.push(traffic.version);
  for (let line = 1; line <= 3; line += 1) traffic.addMalformed({ ...problem, line });
  versions.push(traffic.version);
  traffic.addDropped(7);
  versions.push(traffic.version);
  traffic.merge(new Traffic(TINY));
  versions.push(traffic.version);
  expect(new Set(versions).size).toBe(5);
  expect([traffic.malformed, traffic.dropped]).toEqual([3, 7]);
  expect([...traffic.problems.newestFirst()].map(({ line }) => line)).toEqual([3, 2]);
});
