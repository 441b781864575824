import type { HostRow } from '../../core/traffic/host-row.ts';
import { compareText } from '../../core/traffic/tally.ts';
import type { Traffic } from '../../core/traffic/traffic.ts';
import { each, type Work } from '../../core/work.ts';
import type { State } from '../state/state.ts';
import { Paced } from './paced.ts';

/** The most rows of a heat map. */
const MOST_HOSTS = 40;

/** Finds the hosts with the most decisions, busiest first, while the Tools screen shows them. */
export class BusiestHosts {
  readonly pace: Paced<readonly HostRow[]>;

  /** `clock` returns milliseconds since any start. */
  constructor(clock: () => number) {
    this.pace = new Paced(clock);
  }

  /** Null during the search, and on other screens. */
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

/** Keeps up to twice as many hosts as needed and sorts them when the buffer is full. So the time is linear in the number of hosts. */
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
