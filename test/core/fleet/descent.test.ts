import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { descent, heldAfter, type HeldValue } from '../../../src/core/fleet/descent.ts';
import type { VerifiedValue } from '../../../src/core/fleet/policy-value.ts';
import { runs } from '../../runs.ts';
import { chainBy, newSigner, signedBy, verifiedOf } from './sample-values.ts';

const editor = newSigner();
const CHAIN = chainBy(
  editor,
  Array.from({ length: 12 }, (_, index) => `allow: [host-${index % 3}.example]\n`),
);
const at = (index: number): VerifiedValue => {
  const value = CHAIN[index];
  if (!value) throw new Error(`no value ${index}`);
  return value;
};
const holding = (index: number): HeldValue => ({
  id: at(index).id,
  earlier: CHAIN.slice(0, index)
    .map(({ id }) => id)
    .reverse(),
});

/** The value that a machine holds after it heard these values in this order, each with some history. */
function after(
  heard: readonly { readonly value: VerifiedValue; readonly history: readonly VerifiedValue[] }[],
): {
  readonly held: HeldValue | null;
  readonly places: readonly number[];
} {
  let held: HeldValue | null = null;
  const places: number[] = [];
  for (const { value, history } of heard) {
    const found = descent(value, history, held);
    if (found.type === 'descends') held = heldAfter(held, found.steps);
    places.push(CHAIN.findIndex(({ id }) => id === held?.id));
  }
  return { held, places };
}

describe('descent', () => {
  it('a machine takes the next value, and several at once where the history has them', () => {
    expect(descent(at(5), [], holding(4))).toEqual({ type: 'descends', steps: [at(5)] });
    expect(descent(at(7), CHAIN, holding(4))).toEqual({ type: 'descends', steps: [at(5), at(6), at(7)] });
  });

  it('a machine takes nothing over a gap in the history', () => {
    expect(descent(at(7), [at(7), at(5)], holding(4))).toEqual({ type: 'unrelated' });
  });

  it('a machine tells a store that was put back from one that never had what the machine holds', () => {
    const fork = verifiedOf(signedBy(editor, { before: at(3).id, text: 'allow: []\n' }));
    expect(descent(at(3), CHAIN, holding(5))).toEqual({ type: 'behind' });
    expect(descent(fork, CHAIN, holding(5))).toEqual({ type: 'unrelated' });
    expect(descent(at(5), CHAIN, holding(5))).toEqual({ type: 'held' });
  });

  it('a machine takes a value that succeeds its own policy, and never goes back to either side of it', () => {
    const own = verifiedOf(signedBy(editor, { before: at(3).id, text: 'allow: [own.example]\n' }));
    const joined = verifiedOf(
      signedBy(editor, { before: at(8).id, succeeds: [own.id], text: 'allow: []\n' }),
    );
    const held = heldAfter(holding(3), [own]);
    const taken = descent(joined, CHAIN, held);
    expect(taken).toEqual({ type: 'descends', steps: [joined] });
    const later = heldAfter(held, [joined]);
    expect(descent(own, CHAIN, later)).toEqual({ type: 'behind' });
    expect(descent(at(8), CHAIN, later)).toEqual({ type: 'unrelated' });
  });

  it('the descent rule never moves a machine backwards, however values are repeated, reordered, lost and served again', () => {
    const heard = fc.record({
      value: fc.constantFrom(...CHAIN),
      history: fc.subarray([...CHAIN]),
    });
    fc.assert(
      fc.property(fc.array(heard, { maxLength: 30 }), all => {
        const { places } = after(all);
        return places.every((place, index) => index === 0 || place >= (places[index - 1] ?? 0));
      }),
      { numRuns: runs(1_000) },
    );
  });

  it('a machine reaches the newest value from every earlier one, once the whole history is there', () => {
    for (const index of CHAIN.keys()) {
      const { held } = after([
        { value: at(index), history: [] },
        { value: at(11), history: CHAIN },
      ]);
      expect(held?.id).toBe(at(11).id);
    }
  });
});
