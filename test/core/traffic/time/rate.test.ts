import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTES_KEPT, MINUTE_MS } from '../../../../src/core/traffic/time/minutes.ts';
import { lastMinutes, rateOf } from '../../../../src/core/traffic/time/rate.ts';
import { Traffic } from '../../../../src/core/traffic/traffic.ts';
import { LIMITS } from '../../../../src/core/limits.ts';
import { decision } from '../../sample-events.ts';
import { tableOf } from '../table-of.ts';

/** Half a minute into a minute. */
const NOW = Date.parse('2026-11-20T12:00:30Z');
const KNOWN = { at: NOW, knownFrom: Number.NEGATIVE_INFINITY };

const at = (minutesAgo: number, host = 'a.example') =>
  decision('allow', { host, tool: 'fetch', agent: 'builder', at: NOW - minutesAgo * MINUTE_MS });

function trafficOf(ages: readonly number[], hosts = LIMITS.hosts): Traffic {
  const traffic = new Traffic({ ...LIMITS, hosts });
  for (const age of ages) traffic.add(at(age), NOW);
  return traffic;
}

const row = (traffic: Traffic) => traffic.hosts.get('a.example') ?? expect.fail('no row');
const ages = fc.array(fc.double({ min: 0, max: 40, noNaN: true }), { maxLength: 60 });

describe('decisions by the minute', () => {
  it('each of the kept minutes holds just its decisions, in whatever order they come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 40, noNaN: true }), { minLength: 1, maxLength: 60 }),
        all => {
          const expected = Array.from({ length: MINUTES_KEPT - 1 }, (_, index) => {
            const start = NOW - 30_000 - (MINUTES_KEPT - 2 - index) * MINUTE_MS;
            return all.filter(age => {
              const when = NOW - age * MINUTE_MS;
              return when >= start && when < start + MINUTE_MS;
            }).length;
          });
          const traffic = trafficOf(all);
          for (const found of [row(traffic), traffic.tools.get('fetch'), traffic.agents.get('builder')])
            expect(found && lastMinutes(found, NOW, MINUTES_KEPT - 1)).toEqual(expected);
        },
      ),
    );
  });

  it('two halves that are merged have the minutes of the whole', () => {
    fc.assert(
      fc.property(ages, ages, (one, other) => {
        const merged = trafficOf([0, ...one]);
        merged.merge(trafficOf(other));
        expect(lastMinutes(row(merged), NOW, 15)).toEqual(
          lastMinutes(row(trafficOf([0, ...one, ...other])), NOW, 15),
        );
      }),
    );
  });

  it('a host that was folded leaves no minutes to the next one in its place', () => {
    const traffic = trafficOf([1, 1, 1], 2);
    for (const host of ['b.example', 'c.example', 'd.example']) {
      traffic.add(at(0, host), NOW);
      traffic.add(at(0, host), NOW);
    }
    const sums = [...traffic.hosts.values()].map(found =>
      lastMinutes(found, NOW, 15).reduce((a, b) => a + b, 0),
    );
    expect(sums).toEqual([...traffic.hosts.values()].map(({ counts }) => counts.total));
  });
});

describe('a rate', () => {
  it('counts the decisions a minute over the last five, and falls to nothing when they end', () => {
    const traffic = trafficOf(Array.from({ length: 90 }, (_, index) => (index * 5) / 100));
    expect(rateOf(row(traffic), KNOWN)?.perMinute).toBe(20);
    expect(rateOf(row(traffic), { ...KNOWN, at: NOW + 10 * MINUTE_MS })).toMatchObject({
      perMinute: 0,
      before: expect.any(Number) as number,
    });
  });

  it.each([
    ['rising', 1, 10],
    ['falling', 10, 1],
    ['steady', 10, 10],
  ] as const)('a rate is %s where %i decisions a minute became %i', (trend, before, after) => {
    const spread = (count: number, from: number): number[] =>
      Array.from({ length: count * 5 }, (_, index) => from + (index * 5) / (count * 5 + 1));
    const traffic = trafficOf([...spread(after, 0).map(age => age * 0.9), ...spread(before, 4.6)]);
    expect(rateOf(row(traffic), KNOWN)?.trend).toBe(trend);
  });

  it('one decision more is no trend', () => {
    expect(rateOf(row(trafficOf([1])), KNOWN)?.trend).toBe('steady');
  });

  it('takes as many minutes as are known where others were counted as sums', () => {
    const traffic = trafficOf([0.1, 1.1]);
    const table = tableOf([at(2.2), at(2.3), at(9)]);
    traffic.addTable(table, { from: 0, to: table.size });
    const moment = { at: NOW, knownFrom: traffic.minutesFrom };
    expect(rateOf(row(traffic), moment)).toEqual({ perMinute: 2 / 1.5, before: null, trend: 'steady' });
    const late = tableOf([at(0.6)]);
    traffic.addTable(late, { from: 0, to: late.size });
    expect(rateOf(row(traffic), { at: NOW, knownFrom: traffic.minutesFrom })).toBeNull();
  });
});
