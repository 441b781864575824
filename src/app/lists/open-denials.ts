import { attemptOf } from '../../core/what-if/attempt-of.ts';
import { judging } from '../state/drafted-policy.ts';
import type { FreshDenial } from '../state/fresh-denials.ts';
import type { State } from '../state/state.ts';

/** The fresh denials that are not handled, oldest first: not muted, not dismissed, and still denied by the policy. */
export function openDenials(state: State): readonly FreshDenial[] {
  const { fresh, dismissed, policy } = state;
  const options = judging(state);
  return fresh.filter(
    ({ host }) =>
      !dismissed.has(host) &&
      policy?.policy?.judge(attemptOf({ name: host, address: null }), options).verdict !== 'allow',
  );
}
