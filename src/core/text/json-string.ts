/** A JSON string literal taken apart: its text, and where in the literal each of its UTF-16 units is spelled. */
export interface JsonString {
  readonly text: string;
  /** One more than the text is long: the last is the offset of the closing quote. */
  readonly offsets: readonly number[];
}

/** Reads a literal with its quotes, as a valid document spells it. Each place in its text leads to a place in the document. */
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

/** A text as it is spelled within a JSON string, without the quotes. */
export const withinJsonString = (text: string): string => JSON.stringify(text).slice(1, -1);
