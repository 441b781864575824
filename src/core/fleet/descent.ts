import type { VerifiedValue } from './policy-value.ts';

/** The newest value that a machine took, and its history. */
export interface HeldValue {
  /** The hash of that value. */
  readonly id: string;
  /** Hashes of the values before it, newest first, including those that were skipped. */
  readonly earlier: readonly string[];
}

/** The relation of a value to the one that a machine holds. */
export type Descent =
  | { readonly type: 'held' }
  /** The values after the held one, oldest first. */
  | { readonly type: 'descends'; readonly steps: readonly VerifiedValue[] }
  /** The store's newest value is one that the machine held earlier: the store was reset to an older state. */
  | { readonly type: 'behind' }
  /** The known history does not lead from the value back to the held one. */
  | { readonly type: 'unrelated' };

/** The most earlier hashes that a machine remembers. */
const MAX_EARLIER = 256;

/**
 * Follows the hashes from the newest value back to the held one. The history may be in any order and incomplete. A machine without a value
 * takes the newest.
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

/**
 * The shortest path from the held value to the newest; null where none is known. `seen` prevents endless loops, although hash chains have
 * none.
 */
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

/** The held value and its history after taking these steps. */
export function heldAfter(held: HeldValue | null, steps: readonly VerifiedValue[]): HeldValue | null {
  const last = steps.at(-1);
  if (!last) return held;
  const passed = steps.slice(0, -1).map(({ id }) => id);
  const earlier = [...passed.reverse(), ...(held ? [held.id, ...held.earlier] : [])];
  return { id: last.id, earlier: earlier.slice(0, MAX_EARLIER) };
}
