/** So many names are kept apart; further ones are counted together. */
const NAMES = 64;
/** The name under which further ones are counted. */
const OTHER_NAMES = '(other names)';

/** Records of one name that no system owns, and where the first of them stands. */
export interface UnrecognisedName {
  readonly name: string;
  readonly count: number;
  readonly source: string;
  readonly line: number | null;
  /** The beginning of that record's line. */
  readonly example: string;
}

/** One record that no system owns. */
export type UnrecognisedRecord = Omit<UnrecognisedName, 'count'>;

/** Counts records that no system owns by their name, with one example each. Totals are exact however many names there are. */
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
