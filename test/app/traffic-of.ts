import type { EgressEvent } from '../../src/core/event.ts';
import type { Limits } from '../../src/core/limits.ts';
import { LIMITS } from '../../src/core/limits.ts';
import { Traffic } from '../../src/core/traffic/traffic.ts';

/** Noon of the day on which everything in these tests happens. */
export const NOW = Date.parse('2026-11-20T12:00:00Z');

/** The counts of some events. */
export function trafficOf(events: Iterable<EgressEvent>, limits: Partial<Limits> = {}): Traffic {
  const traffic = new Traffic({ ...LIMITS, ...limits });
  for (const event of events) traffic.add(event, NOW);
  return traffic;
}
