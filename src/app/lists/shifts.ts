import { policyShift, type PolicyShift } from '../../core/what-if/policy-shift.ts';
import type { Traffic } from '../../core/traffic/traffic.ts';
import { judging } from '../state/drafted-policy.ts';
import { Paced } from './paced.ts';
import type { State } from '../state/state.ts';

type IsOwnDenial = (system: string, reason: string | null) => boolean;

/** Computes what the open draft would change in the traffic so far, at a limited rate. */
export class Shifts {
  readonly pace: Paced<PolicyShift>;
  readonly #isOwnDenial: IsOwnDenial;

  /** `clock` returns milliseconds since any start. */
  constructor(clock: () => number, isOwnDenial: IsOwnDenial) {
    this.pace = new Paced(clock);
    this.#isOwnDenial = isOwnDenial;
  }

  /** Null while it is computed, and without a draft. */
  of(state: State, traffic: Traffic, isUrgent = false): PolicyShift | null {
    const [before, after] = [state.policy?.policy ?? null, state.draft?.laid?.policy ?? null];
    if (!before || !after) return this.pace.stop();
    const options = judging(state);
    return this.pace.of({
      inputs: [before, after, traffic, options],
      version: traffic.version,
      isHeld: false,
      isUrgent,
      make: () => policyShift(traffic, { before, after, isOwnDenial: this.#isOwnDenial, options }),
    });
  }
}
