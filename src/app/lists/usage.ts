import type { Policy } from '../../core/policy/dialect.ts';
import { attemptOf } from '../../core/what-if/attempt-of.ts';
import type { HostRow } from '../../core/traffic/host-row.ts';
import type { Traffic } from '../../core/traffic/traffic.ts';
import { each, type Work } from '../../core/work.ts';
import { editedPolicy, judging } from '../state/drafted-policy.ts';
import { entryKey } from '../state/entry-key.ts';
import { Paced } from './paced.ts';
import type { State } from '../state/state.ts';

/** The number of hosts that an entry decides, and of decisions on them. */
export interface Usage {
  readonly hosts: number;
  readonly decisions: number;
}

/** By an entry's key. Entries that decide no host are missing. */
export type UsageByEntry = ReadonlyMap<string, Usage>;

/** Computes the usage of the entries of the policy, while the Policy screen is open. */
export class Usages {
  readonly pace: Paced<UsageByEntry>;

  /** `clock` returns milliseconds since any start. */
  constructor(clock: () => number) {
    this.pace = new Paced(clock);
  }

  /** Null while it is computed, and on other screens. */
  of(state: State, traffic: Traffic, isUrgent = false): UsageByEntry | null {
    const policy = state.screen === 'policy' ? editedPolicy(state) : null;
    if (!policy) return this.pace.stop();
    return this.pace.of({
      inputs: [policy, traffic, judging(state)],
      version: traffic.version,
      isHeld: state.dialog.type !== 'none',
      isUrgent,
      make: () => usageOf(policy, traffic, state),
    });
  }
}

/** Asks the policy once a host which entry decides. */
function* usageOf(policy: Policy, { hosts }: Traffic, state: State): Work<UsageByEntry> {
  const options = judging(state);
  const usage = new Map<string, { hosts: number; decisions: number }>();
  const count = (row: HostRow): void => {
    const { entry } = policy.judge(attemptOf(row), options);
    if (!entry) return;
    const key = entryKey(entry);
    let used = usage.get(key);
    if (!used) usage.set(key, (used = { hosts: 0, decisions: 0 }));
    used.hosts += 1;
    used.decisions += row.counts.total;
  };
  yield* each(hosts.values(), hosts.size, count);
  return usage;
}
