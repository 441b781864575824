import type { Verdict } from '../event.ts';
import { LIMITS } from '../limits.ts';
import { compareText, OTHER } from '../traffic/tally.ts';

/** The effect of a ruling on the agent: let through, denied, or held for a person. */
export type RulingEffect = 'allow' | 'deny' | 'pending';

/** `would-deny` and `error` count as `allow`: shadow mode lets through, and a failed attempt had been allowed. */
export const effectOf = (verdict: Verdict): RulingEffect =>
  verdict === 'deny' || verdict === 'pending' ? verdict : 'allow';

/** One attempt ruled on twice. */
export interface RulingPair {
  /** The host, or what else was ruled on. */
  readonly name: string;
  readonly was: RulingEffect;
  readonly now: RulingEffect;
  readonly wasReason: string | null;
  readonly nowReason: string | null;
}

/** Attempts on one host whose ruling changed in one way. The reasons are those of the first of them. */
export interface RulingChange extends RulingPair {
  readonly events: number;
}

/** Counts by host what is ruled differently. Holds at most `limit` rows; what comes later is folded into `(other)`. */
export class RulingChanges {
  readonly #rows = new Map<string, RulingPair & { events: number }>();
  readonly #limit: number;
  /** Attempts that were ruled on twice. */
  compared = 0;
  /** Those among them whose ruling differs. */
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

  /** By number of attempts, then name. */
  ranked(): readonly RulingChange[] {
    return [...this.#rows.values()].sort(
      (one, other) => other.events - one.events || compareText(keyOf(one), keyOf(other)),
    );
  }

  /** How many changed from what to what, by number. */
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
