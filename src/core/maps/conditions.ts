import type { JsonObject } from '../event.ts';
import type { Conditions, MapTest } from './field-map.ts';
import { holdsSomething, pathReader, type JsonTexts } from './map-path.ts';

/** A test of a record. */
export type RecordTest = (record: JsonObject) => boolean;

/** Compiles conditions for use on many records. All of them must be true. */
export function recordTest(conditions: Conditions, texts: JsonTexts): RecordTest {
  const tests = conditions.map(({ path, test }): RecordTest => {
    const read = pathReader(path, texts);
    const matches = valueTest(test);
    if (test.type === 'other') return record => read(record, holdsSomething) && !read(record, matches);
    const isWanted = test.type === 'exists' ? test.wanted : test.type === 'is';
    return record => read(record, matches) === isWanted;
  });
  return record => tests.every(test => test(record));
}

/** Compiles a test of one value. The value's type does not matter: logs write both `true` and `"true"`. */
function valueTest(test: MapTest): (value: unknown) => boolean {
  if (test.type === 'exists') return holdsSomething;
  const literals = new Set(test.patterns.filter(pattern => !isGlob(pattern)).map(literalOf));
  const globs = test.patterns.filter(isGlob).map(piecesOf);
  return value => {
    const text = scalarText(value);
    if (text === null) return false;
    return literals.has(text) || globs.some(pieces => matchesPieces(pieces, text));
  };
}

/** A string, number or boolean as text; null for anything else. */
export const scalarText = (value: unknown): string | null =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;

/** Whether a pattern has an unescaped star. */
const isGlob = (pattern: string): boolean => piecesOf(pattern).length > 1;

/** Whether a pattern matches every text. */
export const matchesAll = (pattern: string): boolean =>
  isGlob(pattern) && piecesOf(pattern).every(piece => piece === '');

const literalOf = (pattern: string): string => piecesOf(pattern)[0] ?? '';

/** The texts between the stars of a pattern. `\*` is a literal star and `\\` a backslash. */
function piecesOf(pattern: string): readonly string[] {
  const pieces = [''];
  for (const [sign] of pattern.matchAll(/\\[\\*]|[\s\S]/g)) {
    if (sign === '*') pieces.push('');
    else pieces[pieces.length - 1] += sign.length > 1 ? sign.slice(1) : sign;
  }
  return pieces;
}

/** Whether the pieces occur in the text in order, the first at its start and the last at its end. Runs without backtracking. */
function matchesPieces(pieces: readonly string[], text: string): boolean {
  const [first = '', last = ''] = [pieces[0], pieces.at(-1)];
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length)
    return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= text.length - last.length;
}
