/** The text of a JSON string literal, and the offset in the literal of each of its UTF-16 units. */
export interface JsonString {
  readonly text: string;
  /** One item longer than the text: the last item is the offset of the closing quote. */
  readonly offsets: readonly number[];
}

/** Reads a valid literal with its quotes. */
export function readJsonString(literal: string): JsonString {
  const offsets: number[] = [];
  const units: string[] = [];
  let at = 1;
  while (at < literal.length - 1) {
    const length = literal[at] !== '\\' ? 1 : literal[at + 1] === 'u' ? 6 : 2;
    offsets.push(at);
    units.push(length === 1 ? (literal[at] ?? '') : unescaped(literal.slice(at, at + length)));
    at += length;
  }
  return { text: units.join(''), offsets: [...offsets, at] };
}

const SHORT: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

const unescaped = (escape: string): string =>
  escape[1] === 'u'
    ? String.fromCharCode(Number.parseInt(escape.slice(2), 16))
    : (SHORT[escape[1] ?? ''] ?? escape[1] ?? '');

/** A text with JSON's escapes, without quotes. */
export const withinJsonString = (text: string): string => JSON.stringify(text).slice(1, -1);
