import type { Verdict } from '../event.ts';
import { plural } from '../grouped.ts';
import type { Policy } from '../policy/dialect.ts';
import { knownAddress } from '../policy/known-address.ts';

/** The decisions of one machine on one host. */
export interface FleetUse {
  readonly machine: string;
  readonly host: string;
  readonly tool: string | null;
  readonly verdict: Verdict;
  readonly count: number;
  /** Unix ms of the latest decision; null where none has a time. */
  readonly last: number | null;
}

/** The effect that another policy would have had on the traffic of many machines. */
export interface FleetEffect {
  /** Hosts that the policy denied and would let through: their number, the denials, and the machines with such denials. */
  readonly freed: Reach;
  /** Hosts that were let through and would be denied: their number, the decisions, and the machines. */
  readonly refused: Reach;
  /** The number of machines under this policy. */
  readonly machines: number;
}

/** The extent of a change. */
export interface Reach {
  readonly hosts: number;
  readonly decisions: number;
  readonly machines: number;
}

/** Judges each combination of host and tool under both policies. */
export function fleetEffect(
  uses: Iterable<FleetUse>,
  { before, after, machines }: { readonly before: Policy; readonly after: Policy; readonly machines: number },
): FleetEffect {
  const shifts = new Map<string, Shift>();
  const [freed, refused] = [new Reached(), new Reached()];
  for (const use of uses) {
    const key = JSON.stringify([use.host, use.tool]);
    const shift = shifts.get(key) ?? shiftOf(use, before, after);
    shifts.set(key, shift);
    if (shift === 'frees' && use.verdict === 'deny') freed.add(use);
    if (shift === 'refuses' && use.verdict !== 'deny') refused.add(use);
  }
  return { freed: freed.reach(), refused: refused.reach(), machines };
}

/**
 * The effect in words: `lets through 12 hosts, 4,310 past denials, on 37 of 812 machines`, and the same for denied hosts. Empty without an
 * effect.
 */
export const effectWords = ({ freed, refused, machines }: FleetEffect): readonly string[] => [
  ...(freed.hosts === 0
    ? []
    : [
        `lets through ${plural(freed.hosts, 'host')}, ${plural(freed.decisions, 'past denial')}, ${on(freed, machines)}`,
      ]),
  ...(refused.hosts === 0
    ? []
    : [
        `denies ${plural(refused.hosts, 'host')} that ${refused.hosts === 1 ? 'was' : 'were'} let through ${plural(refused.decisions, 'time')}, ${on(refused, machines)}`,
      ]),
];

const on = (reach: Reach, machines: number): string =>
  `on ${reach.machines} of ${plural(machines, 'machine')}`;

type Shift = 'frees' | 'refuses' | 'none';

function shiftOf({ host, tool }: FleetUse, before: Policy, after: Policy): Shift {
  const attempt = { host, tool, address: knownAddress(host) };
  const [was, is] = [before, after].map(policy => policy.judge(attempt).verdict === 'deny');
  if (was === is) return 'none';
  return was ? 'frees' : 'refuses';
}

class Reached {
  readonly #hosts = new Set<string>();
  readonly #machines = new Set<string>();
  #decisions = 0;

  add({ host, machine, count }: FleetUse): void {
    this.#hosts.add(host);
    this.#machines.add(machine);
    this.#decisions += count;
  }

  reach(): Reach {
    return { hosts: this.#hosts.size, decisions: this.#decisions, machines: this.#machines.size };
  }
}
