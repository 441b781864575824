import { descent, type HeldValue } from './descent.ts';
import type { JudgedValue } from './judge-value.ts';
import { isForMachine, type VerifiedValue } from './policy-value.ts';

/** The decision of a machine on the newest values of its own key and of its group's. */
export type Choice =
  /** There is no value. */
  | { readonly type: 'nothing' }
  | { readonly type: 'held'; readonly value: VerifiedValue }
  | { readonly type: 'take'; readonly value: VerifiedValue; readonly steps: readonly VerifiedValue[] }
  /** It descends, and the rollout has not reached this machine. */
  | { readonly type: 'waits'; readonly value: VerifiedValue }
  /** The store holds less than this machine. */
  | { readonly type: 'behind'; readonly value: VerifiedValue }
  /** It was signed by a pinned editor, and does not lead back to what is held. */
  | { readonly type: 'unrelated'; readonly value: VerifiedValue }
  | { readonly type: 'refused'; readonly why: string };

/** The name of a machine, the value it holds, and the values it heard. The newest value of its own key comes before that of its group. */
export interface Heard {
  readonly machine: string;
  readonly held: HeldValue | null;
  readonly newest: readonly JudgedValue[];
}

/** Chooses between the values: one that can be taken, else the one that is held, else the first that says why nothing is done. */
export function chooseValue({ machine, held, newest }: Heard): Choice {
  const choices = newest.map(judged => choiceOf(judged, held, machine));
  for (const wanted of ORDER) {
    const found = choices.find(({ type }) => type === wanted);
    if (found) return found;
  }
  return { type: 'nothing' };
}

/** A refusal stands before what only says that an older value is there: it may be an attack. */
const ORDER = ['take', 'waits', 'held', 'refused', 'behind', 'unrelated'] as const;

function choiceOf(judged: JudgedValue, held: HeldValue | null, machine: string): Choice {
  if (judged.type === 'refused') return judged;
  const { verified: value } = judged;
  const found = descent(value, [], held);
  switch (found.type) {
    case 'held':
    case 'behind':
    case 'unrelated':
      return { type: found.type, value };
    case 'descends':
      return isForMachine(value.value, machine)
        ? { type: 'take', value, steps: found.steps }
        : { type: 'waits', value };
  }
}
