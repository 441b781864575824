import type { HostRow } from '../../core/traffic/host-row.ts';
import { compareText } from '../../core/traffic/tally.ts';
import type { Traffic } from '../../core/traffic/traffic.ts';
import { each, type Work } from '../../core/work.ts';
import type { State } from '../state/state.ts';
import { Paced } from './paced.ts';

/** Rows of a heat map at most. */
const MOST_HOSTS = 40;

/** Finds the hosts with the most decisions, the first one first, on the screen that shows them: Tools. */
export class BusiestHosts {
  readonly pace: Paced<readonly HostRow[]>;

  /** `clock` counts milliseconds, from anywhere. */
  constructor(clock: () => number) {
    this.pace = new Paced(clock);
  }

  /** Null while they are being looked for, and where nobody asks. */
  of(state: State, traffic: Traffic, isUrgent = false): readonly HostRow[] | null {
    if (state.screen !== 'tools') return this.pace.stop();
    return this.pace.of({
      inputs: [traffic],
      version: traffic.version,
      isHeld: state.dialog.type !== 'none',
      isUrgent,
      make: () => busiestOf(traffic),
    });
  }
}

/** Keeps twice as many as are wanted, and sorts them only when they are full: linear in the hosts. */
function* busiestOf({ hosts }: Traffic): Work<readonly HostRow[]> {
  let [kept, least] = [new Array<HostRow>(), 0];
  const shrink = (): void => {
    kept = kept.sort(byTotal).slice(0, MOST_HOSTS);
    if (kept.length === MOST_HOSTS) least = kept.at(-1)?.counts.total ?? 0;
  };
  yield* each(hosts.values(), hosts.size, row => {
    const { total } = row.counts;
    if (total === 0 || total < least) return;
    kept.push(row);
    if (kept.length === 2 * MOST_HOSTS) shrink();
  });
  shrink();
  return kept;
}

const byTotal = (one: HostRow, other: HostRow): number =>
  other.counts.total - one.counts.total || compareText(one.name, other.name);
