import type { JsonObject } from '../event.ts';
import { isObject } from '../record.ts';
import { scalarText } from './conditions.ts';
import { spelledKey } from './map-path.ts';

/** The most records that are examined. Later ones are only counted. */
const MOST_RECORDS = 20_000;
/** The most paths that are distinguished. A log with more uses data as keys. */
const MOST_PATHS = 1_000;
/** The most values of a path that are distinguished. */
const MOST_VALUES = 64;
/** The greatest depth of a path. */
const DEEPEST = 8;

/** The values at one path in a log's records. */
export interface SurveyedPath {
  readonly path: string;
  /** The last key of the path, in lower case. */
  readonly key: string;
  /** The number of records with a value here that is not empty. */
  readonly records: number;
  /** The values as text with their counts, the most frequent first; null where there are too many to distinguish. */
  readonly values: ReadonlyMap<string, number> | null;
  /** Some of the values. */
  readonly examples: readonly string[];
  /** Whether every value is a number. */
  readonly isNumeric: boolean;
}

interface Path {
  readonly key: string;
  records: number;
  values: Map<string, number> | null;
  readonly examples: string[];
  isNumeric: boolean;
}

/** Examines the records of a log in an unknown format: which paths exist, and which values they have. */
export class Survey {
  readonly #paths = new Map<string, Path>();
  readonly #records: JsonObject[] = [];
  #total = 0;

  /** The examined records, in order. */
  get records(): readonly JsonObject[] {
    return this.#records;
  }

  /** The number of records, examined or not. */
  get total(): number {
    return this.#total;
  }

  add(record: JsonObject): void {
    this.#total += 1;
    if (this.#records.length >= MOST_RECORDS) return;
    this.#records.push(record);
    this.#visit(record, '', { key: '', depth: 0 });
  }

  #visit(value: unknown, path: string, at: { readonly key: string; readonly depth: number }): void {
    if (isObject(value)) {
      if (at.depth >= DEEPEST) return;
      for (const [key, inner] of Object.entries(value))
        this.#visit(inner, path === '' ? spelledKey(key) : `${path}.${spelledKey(key)}`, {
          key: key.toLowerCase(),
          depth: at.depth + 1,
        });
    } else if (Array.isArray(value)) {
      if (at.depth < DEEPEST && value.length > 0)
        this.#visit(value[0], `${path}[0]`, { key: at.key, depth: at.depth + 1 });
    } else this.#note(value, path, at);
  }

  #note(value: unknown, path: string, at: { readonly key: string; readonly depth: number }): void {
    const text = scalarText(value);
    if (text === null || text === '') return;
    const inner = typeof value === 'string' && value.startsWith('{') ? parsed(value) : null;
    if (inner && at.depth < DEEPEST && !path.includes(':json'))
      return this.#visit(inner, `${path}:json`, { ...at, depth: at.depth + 1 });
    const known = this.#paths.get(path);
    if (!known && this.#paths.size >= MOST_PATHS) return;
    const found: Path = known ?? {
      key: at.key,
      records: 0,
      values: new Map(),
      examples: [],
      isNumeric: true,
    };
    if (!known) this.#paths.set(path, found);
    found.records += 1;
    found.isNumeric &&= typeof value === 'number';
    if (found.examples.length < 20 && !found.examples.includes(text)) found.examples.push(text);
    if (!found.values) return;
    found.values.set(text, (found.values.get(text) ?? 0) + 1);
    if (found.values.size > MOST_VALUES) found.values = null;
  }

  /** The paths in the order of their first record. */
  get paths(): readonly SurveyedPath[] {
    return [...this.#paths].map(([path, { values, ...found }]) => ({
      ...found,
      path,
      values: values && new Map([...values].sort(([, one], [, other]) => other - one)),
    }));
  }
}

function parsed(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null; // looks like JSON but is invalid
  }
}
