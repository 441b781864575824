import type { VerifiedValue } from './policy-value.ts';

/** A machine's place in a chain of values. */
export interface HeldValue {
  /** The hash of the newest value that it took. */
  readonly id: string;
  /** Hashes of values that it took or passed before, newest first. */
  readonly earlier: readonly string[];
}

/** How a value stands to what a machine holds. */
export type Descent =
  | { readonly type: 'held' }
  /** The values from the one held to the newest, oldest first, without the one held. */
  | { readonly type: 'descends'; readonly steps: readonly VerifiedValue[] }
  /** The store holds less than the machine: it was put back to an older state. */
  | { readonly type: 'behind' }
  /** It does not lead back to what is held, as far as the history goes. */
  | { readonly type: 'unrelated' };

/** A machine remembers as many hashes of values before the one it holds. */
const MAX_EARLIER = 256;

/**
 * Walks from the newest value back to what is held, by the hashes that the values name. The history may be in any order, and may lack
 * values. A machine that holds nothing takes the newest value.
 */
export function descent(
  newest: VerifiedValue,
  history: readonly VerifiedValue[],
  held: HeldValue | null,
): Descent {
  if (held === null) return { type: 'descends', steps: [newest] };
  if (newest.id === held.id) return { type: 'held' };
  if (held.earlier.includes(newest.id)) return { type: 'behind' };
  const steps = pathTo(held.id, newest, new Map(history.map(value => [value.id, value])));
  return steps ? { type: 'descends', steps } : { type: 'unrelated' };
}

/** The shortest way from the value held to the newest; null where none is known. A hash chain has no circles, yet none is followed. */
function pathTo(
  held: string,
  newest: VerifiedValue,
  known: ReadonlyMap<string, VerifiedValue>,
): readonly VerifiedValue[] | null {
  const seen = new Set([newest.id]);
  for (let paths: (readonly VerifiedValue[])[] = [[newest]]; paths.length > 0;) {
    const next: (readonly VerifiedValue[])[] = [];
    for (const path of paths) {
      const parents = path[0] ? [path[0].value.before, ...path[0].value.succeeds] : [];
      if (parents.includes(held)) return path;
      for (const parent of parents) {
        const earlier = known.get(parent);
        if (!earlier || seen.has(parent)) continue;
        seen.add(parent);
        next.push([earlier, ...path]);
      }
    }
    paths = next;
  }
  return null;
}

/** The value that is held after the last of these steps. */
export function heldAfter(held: HeldValue | null, steps: readonly VerifiedValue[]): HeldValue | null {
  const last = steps.at(-1);
  if (!last) return held;
  const passed = steps.slice(0, -1).map(({ id }) => id);
  const earlier = [...passed.reverse(), ...(held ? [held.id, ...held.earlier] : [])];
  return { id: last.id, earlier: earlier.slice(0, MAX_EARLIER) };
}
