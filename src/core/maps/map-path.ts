import type { JsonObject } from '../event.ts';
import { isObject } from '../record.ts';
import type { MapPath, PathStep } from './field-map.ts';

/** The most steps of a path, which bounds the work on one record. No known log needs more. */
const MOST_STEPS = 16;
/** The most `:json` steps of a path. Each parses a text within a text. */
const MOST_TEXTS = 2;

/** A key without quotes, a key in quotes, or an index. */
const STEP = /(\.?)(?:([\w$@/-]+)|"((?:[^"\\]|\\.)*)")|\[(\d{1,4}|\*)\]|(:json)/y;

/** Why a text is no path, and the index of the character at fault. */
export interface PathFault {
  readonly offset: number;
  readonly why: string;
}

/**
 * Parses a path such as `audit.host`, `"@timestamp"`, `names[0]`, `transforms[*].action` or `message:json.host`. Keys need quotes if they
 * hold other characters than letters, digits and `_ - @ $ /`.
 */
export function parsePath(text: string): MapPath | PathFault {
  const steps: PathStep[] = [];
  for (let at = 0; at < text.length; at = STEP.lastIndex) {
    STEP.lastIndex = at;
    const parts = STEP.exec(text);
    if (!parts) return { offset: at, why: `${text.slice(at, at + 20)} is no part of a path` };
    const [, dot, bare, quoted, index, json] = parts;
    const isKey = bare !== undefined || quoted !== undefined;
    if (isKey && (dot === '.') !== steps.length > 0)
      return {
        offset: at,
        why: steps.length > 0 ? 'a dot is missing between two keys' : 'a path begins with a key',
      };
    if (index !== undefined)
      steps.push(index === '*' ? { type: 'each' } : { type: 'index', index: Number(index) });
    else if (json !== undefined) steps.push({ type: 'json' });
    else steps.push({ type: 'key', key: bare ?? unescaped(quoted ?? '') });
    if (steps.length === 1 && !isKey) return { offset: at, why: 'a path begins with a key' };
  }
  if (steps.length === 0) return { offset: 0, why: 'the path is empty' };
  if (steps.length > MOST_STEPS) return { offset: 0, why: `a path has at most ${MOST_STEPS} steps` };
  const texts = steps.filter(({ type }) => type === 'json').length;
  if (texts > MOST_TEXTS) return { offset: 0, why: `a path reads at most ${MOST_TEXTS} texts as JSON` };
  return { text, steps };
}

const unescaped = (quoted: string): string => quoted.replace(/\\(.)/gs, '$1');

/** A key as it is written in a path. */
export const spelledKey = (key: string): string =>
  /^[\w$@/-]+$/.test(key) ? key : `"${key.replace(/["\\]/g, '\\$&')}"`;

/** Whether a value is neither missing, null nor empty (text, list or object). */
export function holdsSomething(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false;
  if (Array.isArray(value)) return value.length > 0;
  return !isObject(value) || Object.keys(value).length > 0;
}

/** Cache of texts parsed as JSON, the last one for each path. Several paths into one text then parse it once. */
export class JsonTexts {
  readonly #last = new Map<string, { readonly text: string; readonly value: unknown }>();

  /** Parses a text; undefined for invalid JSON. `way` is the path up to the text. */
  read(way: string, text: string): unknown {
    const last = this.#last.get(way);
    if (last?.text === text) return last.value;
    const value = parsed(text);
    this.#last.set(way, { text, value });
    return value;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // invalid JSON: the path leads nowhere
  }
}

/** Whether any value at a path passes the test. If the path leads nowhere, the test gets `undefined` once. */
export type PathReader = (record: JsonObject, test: (value: unknown) => boolean) => boolean;

/** Compiles a path for use on many records. */
export function pathReader({ steps, text }: MapPath, texts: JsonTexts): PathReader {
  const follow = (start: unknown, from: number, test: (value: unknown) => boolean): boolean => {
    let value = start;
    for (let at = from; at < steps.length; at += 1) {
      const step = steps[at];
      if (step?.type === 'each') {
        if (!Array.isArray(value) || value.length === 0) return test(undefined);
        const next = at + 1;
        return value.some(item => follow(item, next, test));
      }
      value = step && stepInto(value, step, json => texts.read(`${at}${text}`, json));
    }
    return test(value);
  };
  return (record, test) => follow(record, 0, test);
}

function stepInto(value: unknown, step: PathStep, read: (json: string) => unknown): unknown {
  if (step.type === 'key')
    return isObject(value) && Object.hasOwn(value, step.key) ? value[step.key] : undefined;
  if (step.type === 'index') return Array.isArray(value) ? value[step.index] : undefined;
  return typeof value === 'string' ? read(value) : value;
}
