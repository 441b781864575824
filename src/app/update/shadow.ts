import { whyNoShadow } from '../../core/policy/edit-parts.ts';
import { editedPolicy } from '../state/drafted-policy.ts';
import { keyFor } from '../keys/key-bindings.ts';
import type { State } from '../state/state.ts';
import { askEdit, hindrance, noticed } from './edit.ts';
import type { Context, Step } from './step.ts';

/** `O` on Policy: previews switching shadow mode on or off. In systems without it, a notice says why. */
export function shadowPressed(state: State, { dialect }: Context): Step {
  if (state.screen !== 'policy' || state.pages.length > 0)
    return noticed(state, `shadow mode is switched on Policy (${keyFor(state, 'policy-screen')})`);
  const why = state.policy && dialect ? whyNoShadow(dialect) : null;
  if (why !== null) return noticed(state, why);
  const hindered = hindrance(state);
  const isShadow = editedPolicy(state)?.isShadow;
  if (hindered !== null || isShadow === undefined)
    return noticed(state, hindered ?? 'the policy file is not there yet: there is nothing to switch');
  return askEdit(state, isShadow ? 'Deny again' : 'Only record what would be denied', [
    { label: `shadow mode ${isShadow ? 'off' : 'on'}`, edit: [{ type: 'shadow', isOn: !isShadow }] },
  ]);
}
