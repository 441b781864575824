import type { Verdict } from '../event.ts';
import { LIMITS } from '../limits.ts';
import { compareText, OTHER } from '../traffic/tally.ts';

/** The effect of a ruling on the agent: let through, denied, or held for a decision by a person. */
export type RulingEffect = 'allow' | 'deny' | 'pending';

/**
 * `would-deny` counts as `allow` because shadow mode lets it through; so does `error`, because the attempt was allowed and failed later.
 */
export const effectOf = (verdict: Verdict): RulingEffect =>
  verdict === 'deny' || verdict === 'pending' ? verdict : 'allow';

/** Two rulings on the same attempt. */
export interface RulingPair {
  /** The host, or the label of another action. */
  readonly name: string;
  readonly was: RulingEffect;
  readonly now: RulingEffect;
  readonly wasReason: string | null;
  readonly nowReason: string | null;
}

/** Attempts on one host with the same change of ruling. The reasons are those of the first attempt. */
export interface RulingChange extends RulingPair {
  readonly events: number;
}

/** Counts changed rulings by host, in at most `limit` rows. Further changes are counted as `(other)`. */
export class RulingChanges {
  readonly #rows = new Map<string, RulingPair & { events: number }>();
  readonly #limit: number;
  /** Attempts with two rulings. */
  compared = 0;
  /** Attempts whose rulings differ. */
  changed = 0;

  constructor(limit: number = LIMITS.hosts) {
    this.#limit = limit;
  }

  add(rulings: RulingPair): void {
    this.compared += 1;
    if (rulings.was === rulings.now) return;
    this.changed += 1;
    const key = keyOf(rulings);
    const row = this.#rows.get(key);
    if (row) row.events += 1;
    else if (this.#rows.size < this.#limit || rulings.name === OTHER)
      this.#rows.set(key, { ...rulings, events: 1 });
    else this.#fold(rulings);
  }

  #fold(rulings: RulingPair): void {
    const other = { ...rulings, name: OTHER, wasReason: null, nowReason: null };
    const row = this.#rows.get(keyOf(other));
    if (row) row.events += 1;
    else this.#rows.set(keyOf(other), { ...other, events: 1 });
  }

  /** The changes by number of attempts, then by name. */
  ranked(): readonly RulingChange[] {
    return [...this.#rows.values()].sort(
      (one, other) => other.events - one.events || compareText(keyOf(one), keyOf(other)),
    );
  }

  /** The number of changes for each pair of old and new effect, largest first. */
  directions(): readonly Pick<RulingChange, 'was' | 'now' | 'events'>[] {
    const sums = new Map<
      string,
      { readonly was: RulingEffect; readonly now: RulingEffect; events: number }
    >();
    for (const { was, now, events } of this.#rows.values()) {
      const sum = sums.get(`${was} ${now}`);
      if (sum) sum.events += events;
      else sums.set(`${was} ${now}`, { was, now, events });
    }
    return [...sums.values()].sort((one, other) => other.events - one.events);
  }
}

const keyOf = ({ name, was, now }: RulingPair): string => `${was} ${now} ${name}`;
