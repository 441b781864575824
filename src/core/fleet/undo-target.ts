import type { VerifiedValue } from './policy-value.ts';

/** The reason of an undo begins so, and names the value that it takes back. */
const UNDO = 'undo ';

/** The reason by which an undo is told from an edit. */
export const undoReason = ({ id, value }: VerifiedValue): string =>
  `${UNDO}${id}: ${value.reason}`.slice(0, 400);

/** A value to take back, and the text that was before it. */
export interface UndoTarget {
  readonly undone: VerifiedValue;
  readonly text: string;
}

/** The newest value that was not taken back yet, given a chain oldest first; null where the chain has no value before it. */
export function undoTarget(chain: readonly VerifiedValue[]): UndoTarget | null {
  const open: VerifiedValue[] = [];
  for (const [index, verified] of chain.entries()) {
    if (verified.value.text === chain[index - 1]?.value.text) continue; // a wave of a rollout, or the same text again
    if (verified.value.reason.startsWith(`${UNDO}sha256:`) && open.length > 0) open.pop();
    else open.push(verified);
  }
  const undone = open.at(-1);
  const before = chain.find(({ id }) => id === undone?.value.before);
  return undone && before ? { undone, text: before.value.text } : null;
}

/** Whether a value has not reached all machines that it is for. */
export const isUnderWay = ({ value: { rollout } }: VerifiedValue): boolean =>
  rollout !== null && (rollout.isHalted || rollout.wave < rollout.waves.length - 1);
