import type { SummedCounts, VerdictCounts } from './counts.ts';
import { MEASURE, type RowStore } from './row-store.ts';

/** The decisions of a row, read directly from its store. */
export class StoredCounts implements SummedCounts {
  readonly #store: RowStore;
  readonly #row: number;

  constructor(store: RowStore, row: number) {
    this.#store = store;
    this.#row = row;
  }

  get total(): number {
    return this.allow + this.deny + this['would-deny'] + this.pending + this.error;
  }

  get allow(): number {
    return this.#store.measures.get(this.#row, MEASURE.allow);
  }

  get deny(): number {
    return this.#store.measures.get(this.#row, MEASURE.deny);
  }

  get 'would-deny'(): number {
    return this.#store.measures.get(this.#row, MEASURE['would-deny']);
  }

  get pending(): number {
    return this.#store.measures.get(this.#row, MEASURE.pending);
  }

  get error(): number {
    return this.#store.measures.get(this.#row, MEASURE.error);
  }

  verdicts(): VerdictCounts {
    const { allow, deny, 'would-deny': wouldDeny, pending, error } = this;
    return { allow, deny, 'would-deny': wouldDeny, pending, error };
  }
}
