import type { Verdict } from '../event.ts';
import { plural } from '../grouped.ts';
import type { Policy } from '../policy/dialect.ts';
import { knownAddress } from '../policy/known-address.ts';

/** Decisions of one machine on one host, as its counters have them. */
export interface FleetUse {
  readonly machine: string;
  readonly host: string;
  readonly tool: string | null;
  readonly verdict: Verdict;
  readonly count: number;
  /** Unix ms of the latest; null where none has a time. */
  readonly last: number | null;
}

/** The changes that another policy would have made to the traffic of many machines. */
export interface FleetEffect {
  /** Hosts seen that were denied by the policy and would be let through, with the denials and the machines that had them. */
  readonly freed: Reach;
  /** Hosts seen that would be denied from now on, with the decisions that let them through. */
  readonly refused: Reach;
  /** Machines that the policy is for. */
  readonly machines: number;
}

/** How far a change reaches. */
export interface Reach {
  readonly hosts: number;
  readonly decisions: number;
  readonly machines: number;
}

/** Judges each host of the machines under both policies, once for each tool that asked for it. */
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

/** `lets through 12 hosts, 4,310 past denials, on 37 of 812 machines`, and the same of what is refused; empty where nothing seen changes. */
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
