import { policyShift, type PolicyShift } from '../core/ruling-shift.ts';
import type { Traffic } from '../core/traffic.ts';
import { judging } from './drafted-policy.ts';
import { Paced } from './paced.ts';
import type { State } from './state.ts';

type IsOwnDenial = (system: string, reason: string | null) => boolean;

/** Counts what the open draft would rule otherwise in the traffic seen, as often as that is worth. */
export class Shifts {
  readonly #shifts: Paced<PolicyShift | null>;
  readonly #isOwnDenial: IsOwnDenial;
  #isShown = false;

  /** `clock` counts milliseconds, from anywhere. */
  constructor(clock: () => number, isOwnDenial: IsOwnDenial) {
    this.#shifts = new Paced(clock);
    this.#isOwnDenial = isOwnDenial;
  }

  /** Null while no draft is open. */
  of(state: State, traffic: Traffic, isUrgent = false): PolicyShift | null {
    const [before, after] = [state.policy?.policy ?? null, state.draft?.laid?.policy ?? null];
    this.#isShown = before !== null && after !== null;
    return this.#shifts.of({
      inputs: [before, after, traffic, state.options],
      version: traffic.version,
      isHeld: !this.#isShown,
      isUrgent,
      make: () =>
        before && after
          ? policyShift(traffic, {
              before,
              after,
              isOwnDenial: this.#isOwnDenial,
              options: judging(state),
            })
          : null,
    });
  }

  /** In how many ms newer counts are worth their making; null while those given last are of now. */
  dueIn({ version }: Traffic): number | null {
    return this.#isShown ? this.#shifts.dueIn(version) : null;
  }
}
