import { whyNoShadow } from '../../core/policy/edit-parts.ts';
import { Failure, misuse } from '../../core/failure.ts';
import { carryOut, type EditOptions } from './edit.ts';
import { policyTarget } from './policy-target.ts';

/** Switches shadow mode. Prints the diff, and the step that puts it in force. Refused for systems without such a mode. */
export async function switchShadow(word: string, options: EditOptions): Promise<number> {
  if (word !== 'on' && word !== 'off') throw misuse(`shadow mode is on or off: ${word}`);
  const target = await policyTarget(options.policy, options.system);
  const why = whyNoShadow(target.dialect);
  if (why !== null) throw new Failure(`nothing was written: ${why}`);
  return carryOut(target, [{ type: 'shadow', isOn: word === 'on' }], { ...options, now: Date.now() });
}
