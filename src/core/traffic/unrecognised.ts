/** The number of names that are counted separately; further names are counted together. */
const NAMES = 64;
/** The name for all further names. */
const OTHER_NAMES = '(other names)';

/** The records of unknown systems with one name, and the place of the first. */
export interface UnrecognisedName {
  readonly name: string;
  readonly count: number;
  readonly source: string;
  readonly line: number | null;
  /** The beginning of the first record's line. */
  readonly example: string;
}

/** One record of an unknown system. */
export type UnrecognisedRecord = Omit<UnrecognisedName, 'count'>;

/** Counts records of unknown systems by name, with one example for each name. Totals are exact for any number of names. */
export class Unrecognised {
  total = 0;
  readonly #names = new Map<string, UnrecognisedName>();

  add(record: UnrecognisedRecord): void {
    this.addAll({ ...record, count: 1 });
  }

  /** Counts many records of one name. */
  addAll(found: UnrecognisedName): void {
    this.total += found.count;
    const isKept = this.#names.has(found.name) || this.#names.size < NAMES;
    const name = isKept ? found.name : OTHER_NAMES;
    const known = this.#names.get(name);
    this.#names.set(name, known ? { ...known, count: known.count + found.count } : { ...found, name });
  }

  merge(other: Unrecognised): void {
    for (const found of other.#names.values()) this.addAll(found);
  }

  /** The names, the most frequent first. */
  get names(): readonly UnrecognisedName[] {
    return [...this.#names.values()].sort((one, another) => another.count - one.count);
  }
}
