import type { VerifiedValue } from './policy-value.ts';

/** The prefix of an undo's reason. The hash of the undone value follows. */
const UNDO = 'undo ';

/** The reason of an undo, which distinguishes it from an edit. */
export const undoReason = ({ id, value }: VerifiedValue): string =>
  `${UNDO}${id}: ${value.reason}`.slice(0, 400);

/** The value to undo, and the text before it. */
export interface UndoTarget {
  readonly undone: VerifiedValue;
  readonly text: string;
}

/** The newest value that is not undone yet; null where no value came before it. `chain` is oldest first. */
export function undoTarget(chain: readonly VerifiedValue[]): UndoTarget | null {
  const open: VerifiedValue[] = [];
  for (const [index, verified] of chain.entries()) {
    if (verified.value.text === chain[index - 1]?.value.text) continue; // a further wave of a rollout, or an unchanged text
    if (verified.value.reason.startsWith(`${UNDO}sha256:`) && open.length > 0) open.pop();
    else open.push(verified);
  }
  const undone = open.at(-1);
  const before = chain.find(({ id }) => id === undone?.value.before);
  return undone && before ? { undone, text: before.value.text } : null;
}

/** Whether the value's rollout has not reached all machines. */
export const isUnderWay = ({ value: { rollout } }: VerifiedValue): boolean =>
  rollout !== null && (rollout.isHalted || rollout.wave < rollout.waves.length - 1);
