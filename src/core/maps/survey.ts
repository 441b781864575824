import type { JsonObject } from '../event.ts';
import { isObject } from '../record.ts';
import { scalarText } from './conditions.ts';
import { spelledKey } from './map-path.ts';

/** So many records tell the shape of a log; later ones are only counted. */
const MOST_RECORDS = 20_000;
/** So many paths are told apart; a log with more makes its keys from data. */
const MOST_PATHS = 1_000;
/** So many values of a path are told apart. */
const MOST_VALUES = 64;
/** No path goes deeper. */
const DEEPEST = 8;

/** The values at one path of a log's records. */
export interface SurveyedPath {
  readonly path: string;
  /** The key that it ends with, in small letters. */
  readonly key: string;
  /** Records in which a value stands there that is more than nothing. */
  readonly records: number;
  /** Its values as text and how often each came, the most frequent first; null where there are too many to tell apart. */
  readonly values: ReadonlyMap<string, number> | null;
  /** Some of its values. */
  readonly examples: readonly string[];
  /** Whether each value is a number. */
  readonly isNumeric: boolean;
}

interface Path {
  readonly key: string;
  records: number;
  values: Map<string, number> | null;
  readonly examples: string[];
  isNumeric: boolean;
}

/** Looks at the records of a log whose form is not known: which paths they have, and which values stand there. */
export class Survey {
  readonly #paths = new Map<string, Path>();
  readonly #records: JsonObject[] = [];
  #total = 0;

  /** The records that were looked at, in their order. */
  get records(): readonly JsonObject[] {
    return this.#records;
  }

  /** How many records there were, looked at or not. */
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

  /** The paths, in the order in which they were met. */
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
    return null; // a text that only looks like JSON
  }
}
