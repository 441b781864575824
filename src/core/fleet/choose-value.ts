import { descent, type HeldValue } from './descent.ts';
import type { JudgedValue } from './judge-value.ts';
import { isForMachine, type VerifiedValue } from './policy-value.ts';

/** A machine's decision about the newest values for the machine itself and for its group. */
export type Choice =
  /** No value exists. */
  | { readonly type: 'nothing' }
  | { readonly type: 'held'; readonly value: VerifiedValue }
  | { readonly type: 'take'; readonly value: VerifiedValue; readonly steps: readonly VerifiedValue[] }
  /** The value descends from the held one, but the rollout has not reached this machine. */
  | { readonly type: 'waits'; readonly value: VerifiedValue }
  /** The store's newest value is older than the one this machine holds. */
  | { readonly type: 'behind'; readonly value: VerifiedValue }
  /** A trusted editor signed the value, but it does not descend from the held one. */
  | { readonly type: 'unrelated'; readonly value: VerifiedValue }
  | { readonly type: 'refused'; readonly why: string };

/** A machine, the value it holds, and the newest values it received: its own before its group's. */
export interface Heard {
  readonly machine: string;
  readonly held: HeldValue | null;
  readonly newest: readonly JudgedValue[];
}

/** Chooses the first type in `ORDER` that any of the values has. */
export function chooseValue({ machine, held, newest }: Heard): Choice {
  const choices = newest.map(judged => choiceOf(judged, held, machine));
  for (const wanted of ORDER) {
    const found = choices.find(({ type }) => type === wanted);
    if (found) return found;
  }
  return { type: 'nothing' };
}

/** A refused value comes before an older or unrelated one, because it may be an attack. */
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
