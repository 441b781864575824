import type { Policy } from '../core/dialect.ts';
import { attemptOf } from '../core/traffic-row.ts';
import type { Traffic } from '../core/traffic.ts';
import { editedPolicy, judging } from './drafted-policy.ts';
import { entryKey } from './entry-key.ts';
import { Paced } from './paced.ts';
import type { State } from './state.ts';

/** How many hosts seen, and decisions on them, an entry decides. */
export interface Usage {
  readonly hosts: number;
  readonly decisions: number;
}

/** By an entry's key; entries that decide nothing are not in it. */
export type UsageByEntry = ReadonlyMap<string, Usage>;

const NONE: UsageByEntry = new Map();

/** Counts what the entries of the policy in force decide, on the screen that shows it. */
export class Usages {
  readonly #usages: Paced<UsageByEntry>;
  #isShown = false;

  /** `clock` counts milliseconds, from anywhere. */
  constructor(clock: () => number) {
    this.#usages = new Paced(clock);
  }

  of(state: State, traffic: Traffic, isUrgent = false): UsageByEntry {
    const policy = state.screen === 'policy' ? editedPolicy(state) : null;
    this.#isShown = policy !== null;
    return this.#usages.of({
      inputs: [policy, traffic, judging(state)],
      version: traffic.version,
      isHeld: policy === null || state.dialog.type !== 'none',
      isUrgent,
      make: () => (policy ? usageOf(policy, traffic, state) : NONE),
    });
  }

  /** In how many ms newer counts are worth their making; null while those given last are of now. */
  dueIn({ version }: Traffic): number | null {
    return this.#isShown ? this.#usages.dueIn(version) : null;
  }
}

/** Asks the policy once per distinct host which entry decides it. */
function usageOf(policy: Policy, traffic: Traffic, state: State): UsageByEntry {
  const options = judging(state);
  const usage = new Map<string, { hosts: number; decisions: number }>();
  for (const row of traffic.hosts.values()) {
    const { entry } = policy.judge(attemptOf(row), options);
    if (!entry) continue;
    const key = entryKey(entry);
    let used = usage.get(key);
    if (!used) usage.set(key, (used = { hosts: 0, decisions: 0 }));
    used.hosts += 1;
    used.decisions += row.counts.total;
  }
  return usage;
}
