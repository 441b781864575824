import { VERDICTS } from '../../event.ts';
import { Counts } from '../../traffic/counts.ts';
import { Names } from '../../traffic/names.ts';
import { Slab } from '../../traffic/slab.ts';
import { rowKey, type CounterRow, type ShardDocument } from './counter-document.ts';

/** A stored shard. `rows` and `folded` are the numbers of the first row of two linked lists; 0 is the empty list. */
export interface HeldShard {
  readonly sequence: number;
  /** Including folded decisions. */
  readonly decisions: number;
  readonly rows: number;
  readonly folded: number;
}

/** The increase of a shard's counts. A grown row holds the increase of its counts, and its full `first` and `last`. */
export interface ShardGrowth {
  readonly held: HeldShard;
  readonly rows: readonly CounterRow[];
  readonly folded: readonly CounterRow[];
  /** The increase by verdict. */
  readonly decided: Counts;
  /** Whether a count decreased, which a correct shipper never does. */
  readonly wentBack: boolean;
}

/** The increase of one linked list of rows. */
interface ChainGrowth {
  readonly first: number;
  readonly grown: readonly CounterRow[];
  readonly wentBack: boolean;
}

const [HOST, TOOL, AGENT, VERDICT, NEXT] = [0, 1, 2, 3, 4];
const [COUNT, BYTES, FIRST, LAST] = [0, 1, 2, 3];
/** Stands in the column of the verdict for a row without a verdict. */
const NO_VERDICT = VERDICTS.length;

/** The rows of all shards of a fleet, in 52 bytes each outside the heap. Each name is stored once. */
export class ShardRows {
  readonly #names = new Names();
  /** Row n of both slabs belongs to the same counter row. */
  readonly #cells = Slab.ofReferences(5);
  readonly #numbers = Slab.ofDoubles(4);

  /** Replaces the stored shard (null: none) by the one of a newer document. */
  replace(before: HeldShard | null, { sequence, rows, folded }: ShardDocument): ShardGrowth {
    const decided = new Counts();
    const apart = this.#replaceChain(before?.rows ?? 0, rows, decided);
    const together = this.#replaceChain(before?.folded ?? 0, folded, decided);
    return {
      held: {
        sequence,
        decisions: (before?.decisions ?? 0) + decided.total,
        rows: apart.first,
        folded: together.first,
      },
      rows: apart.grown,
      folded: together.grown,
      decided,
      wentBack: apart.wentBack || together.wentBack,
    };
  }

  /** A shipper only appends rows. If a document does otherwise, all its rows are compared. */
  #replaceChain(first: number, now: readonly CounterRow[], decided: Counts): ChainGrowth {
    const last = this.#lastOfSame(first, now);
    return last === null
      ? this.#rewritten(first, now, decided)
      : this.#continued([first, last], now, decided);
  }

  /** The last row of a list whose rows all come first in `now`, in the same order; 0 for an empty list. Null for any other list. */
  #lastOfSame(first: number, now: readonly CounterRow[]): number | null {
    let [last, place] = [0, 0];
    for (let row = first; row !== 0; row = this.#cells.get(row, NEXT)) {
      const found = now[place];
      if (!found || !this.#isNamed(row, found)) return null;
      last = row;
      place += 1;
    }
    return last;
  }

  #isNamed(row: number, { host, tool, agent, verdict }: CounterRow): boolean {
    return (
      this.#nameAt(row, HOST) === host &&
      this.#nameAt(row, TOOL) === tool &&
      this.#nameAt(row, AGENT) === agent &&
      this.#cells.get(row, VERDICT) === placeOf(verdict)
    );
  }

  #continued(
    [first, last]: readonly [number, number],
    now: readonly CounterRow[],
    decided: Counts,
  ): ChainGrowth {
    const grown: CounterRow[] = [];
    let wentBack = false;
    let place = 0;
    for (let row = first; row !== 0; row = this.#cells.get(row, NEXT)) {
      const found = now[place];
      if (!found) break;
      place += 1;
      const count = found.count - this.#numbers.get(row, COUNT);
      const bytes = found.bytes - this.#numbers.get(row, BYTES);
      if (count < 0 || bytes < 0) wentBack = true;
      if (found.verdict !== null) decided.add(found.verdict, count);
      if (count > 0 || bytes > 0) grown.push(grownBy(found, count, bytes));
      this.#measure(row, found);
    }
    let start = first;
    for (const found of now.slice(place)) {
      const row = this.#newRow(found);
      if (last === 0) start = row;
      else this.#cells.set(last, NEXT, row);
      last = row;
      if (found.verdict !== null) decided.add(found.verdict, found.count);
      if (found.count > 0 || found.bytes > 0) grown.push(found);
    }
    return { first: start, grown, wentBack };
  }

  #rewritten(first: number, now: readonly CounterRow[], decided: Counts): ChainGrowth {
    const known = new Map([...this.#chain(first)].map(row => [rowKey(row), row]));
    this.#free(first);
    const grown: CounterRow[] = [];
    let wentBack = false;
    for (const row of now) {
      const old = known.get(rowKey(row));
      known.delete(rowKey(row));
      const [count, bytes] = [row.count - (old?.count ?? 0), row.bytes - (old?.bytes ?? 0)];
      if (count < 0 || bytes < 0) wentBack = true;
      if (row.verdict !== null) decided.add(row.verdict, count);
      if (count > 0 || bytes > 0) grown.push(grownBy(row, count, bytes));
    }
    for (const { verdict, count } of known.values()) if (verdict !== null) decided.add(verdict, -count);
    const { first: start } = this.#continued([0, 0], now, new Counts());
    return { first: start, grown, wentBack: wentBack || known.size > 0 };
  }

  #newRow(found: CounterRow): number {
    const row = this.#cells.take();
    this.#numbers.take();
    this.#cells.set(row, HOST, this.#hold(found.host));
    this.#cells.set(row, TOOL, this.#hold(found.tool));
    this.#cells.set(row, AGENT, this.#hold(found.agent));
    this.#cells.set(row, VERDICT, placeOf(found.verdict));
    this.#measure(row, found);
    return row;
  }

  #measure(row: number, { count, bytes, first, last }: CounterRow): void {
    this.#numbers.set(row, COUNT, count);
    this.#numbers.set(row, BYTES, bytes);
    this.#numbers.set(row, FIRST, first ?? Number.NaN);
    this.#numbers.set(row, LAST, last ?? Number.NaN);
  }

  #hold(name: string | null): number {
    return name === null ? 0 : this.#names.hold(name);
  }

  #nameAt(row: number, column: number): string | null {
    const number = this.#cells.get(row, column);
    return number === 0 ? null : this.#names.nameOf(number);
  }

  #free(first: number): void {
    for (let row = first; row !== 0;) {
      const next = this.#cells.get(row, NEXT);
      for (const column of [HOST, TOOL, AGENT]) this.#names.drop(this.#cells.get(row, column));
      this.#cells.free(row);
      this.#numbers.free(row);
      row = next;
    }
  }

  /** The rows of a shard, and then its folded rows. */
  *of({ rows, folded }: HeldShard): Generator<CounterRow> {
    yield* this.#chain(rows);
    yield* this.#chain(folded);
  }

  *#chain(first: number): Generator<CounterRow> {
    for (let row = first; row !== 0; row = this.#cells.get(row, NEXT))
      yield {
        host: this.#nameAt(row, HOST),
        tool: this.#nameAt(row, TOOL),
        agent: this.#nameAt(row, AGENT),
        verdict: VERDICTS[this.#cells.get(row, VERDICT)] ?? null,
        count: this.#numbers.get(row, COUNT),
        bytes: this.#numbers.get(row, BYTES),
        first: this.#timeAt(row, FIRST),
        last: this.#timeAt(row, LAST),
      };
  }

  #timeAt(row: number, column: number): number | null {
    const time = this.#numbers.get(row, column);
    return Number.isNaN(time) ? null : time;
  }
}

const placeOf = (verdict: CounterRow['verdict']): number =>
  verdict === null ? NO_VERDICT : VERDICTS.indexOf(verdict);

const grownBy = (row: CounterRow, count: number, bytes: number): CounterRow => ({
  ...row,
  count: Math.max(0, count),
  bytes: Math.max(0, bytes),
});
