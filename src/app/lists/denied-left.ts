import { HostRow } from '../../core/traffic/host-row.ts';
import type { TrafficRow } from '../../core/traffic/traffic-row.ts';
import type { Traffic } from '../../core/traffic/traffic.ts';
import { attemptOf } from '../../core/what-if/attempt-of.ts';
import { each, type Work } from '../../core/work.ts';
import { judging } from '../state/drafted-policy.ts';
import type { State } from '../state/state.ts';
import { Paced } from './paced.ts';

/** Counting may take 1/30 of all time, because every screen shows the count. */
const SHARE_OF_TIME = 30;

/** Whether a denied row is handled: it was muted or dismissed, or the policy now lets the host through. */
export function handledTest(state: State): (row: TrafficRow) => boolean {
  const policy = state.policy?.policy;
  const options = judging(state);
  return row => {
    const aside = state.dismissed.get(row.name);
    if (aside === 'muted' || aside === row.given('deny')) return true;
    return policy && row instanceof HostRow
      ? policy.judge(attemptOf(row), options).verdict === 'allow'
      : false;
  };
}

/** Counts the denied hosts that are not handled. */
export class DeniedLeft {
  readonly pace: Paced<number>;

  /** `clock` returns milliseconds since any start. */
  constructor(clock: () => number) {
    this.pace = new Paced(clock, SHARE_OF_TIME);
  }

  /** Null until the first count is done. */
  of(state: State, traffic: Traffic): number | null {
    return this.pace.of({
      inputs: [traffic, state.dismissed, state.policy?.policy ?? null, state.options.judging],
      version: traffic.version,
      isHeld: false,
      isUrgent: false,
      make: () => countLeft(state, traffic),
    });
  }
}

function* countLeft(state: State, { hosts }: Traffic): Work<number> {
  const isHandled = handledTest(state);
  let left = 0;
  yield* each(hosts.values(), hosts.size, row => {
    if (row.given('deny') > 0 && !isHandled(row)) left += 1;
  });
  return left;
}
