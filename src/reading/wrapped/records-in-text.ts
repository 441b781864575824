import { parseObject } from '../../core/record.ts';

/** What a line that is no JSON object holds, told by its brackets and quotes alone. */
export type TextWithRecords =
  /** Whole objects with nothing between them but separators; `rest` is the beginning of one more, which was cut off. */
  | {
      readonly type: 'records';
      readonly records: readonly string[];
      readonly rest: string | null;
      readonly around: readonly string[];
    }
  /** One whole object at the end, behind a text. */
  | {
      readonly type: 'prefixed';
      readonly record: string;
      readonly prefix: string;
      readonly around: readonly string[];
    }
  /** So many whole objects beside a text: which of them are records is not known. */
  | { readonly type: 'mixed'; readonly count: number }
  | { readonly type: 'none' };

/** Blanks, commas, NUL, the byte order mark, and the record separator of RFC 7464. */
const SEPARATORS = /^[\s,\0\x1e\uFEFF]*$/;

interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Finds the whole JSON objects of a line that is none itself. Nothing within an object or its texts is looked at, and nothing behind an
 * object that does not end. One pass, however the line is made.
 */
export function recordsInText(line: string): TextWithRecords {
  const text = withoutColours(line);
  const { wholes, tornAt } = objectsIn(text);
  const [first] = wholes;
  const last = wholes.at(-1);
  if (!first || !last) return { type: 'none' };
  const around = separatorsIn(text, wholes, text !== line);
  const end = tornAt ?? text.length;
  if (betweenOf(text, wholes, end).every(between => SEPARATORS.test(between)))
    return {
      type: 'records',
      records: wholes.map(({ start, end: to }) => text.slice(start, to)),
      rest: tornAt === null ? null : text.slice(tornAt),
      around,
    };
  const prefix = text.slice(0, first.start);
  const isAlone = wholes.length === 1 && tornAt === null;
  if (isAlone && SEPARATORS.test(text.slice(first.end)) && isClosed(prefix))
    return { type: 'prefixed', record: text.slice(first.start, first.end), prefix, around };
  return { type: 'mixed', count: wholes.length };
}

/** The objects of the text's top level, and where one begins that does not end. Brackets that hold no JSON are text. */
function objectsIn(text: string): { readonly wholes: readonly Span[]; readonly tornAt: number | null } {
  const wholes: Span[] = [];
  for (let start = text.indexOf('{'); start >= 0;) {
    const end = objectEnd(text, start);
    if (end === null) return { wholes, tornAt: start };
    if (parseObject(text.slice(start, end))) wholes.push({ start, end });
    start = text.indexOf('{', end);
  }
  return { wholes, tornAt: null };
}

/** Behind the bracket that closes the one at `start`. */
function objectEnd(text: string, start: number): number | null {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') {
      at = textEnd(text, at);
    } else if (character === '{' || character === '[') {
      depth += 1;
    } else if (character === '}' || character === ']') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return null;
}

/** The quote that closes the one at `start`; the end where none does. */
function textEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

/** The stretches before, between and behind the objects. */
function betweenOf(text: string, wholes: readonly Span[], end: number): readonly string[] {
  const starts = [0, ...wholes.map(whole => whole.end)];
  return starts.map((from, index) => text.slice(from, wholes[index]?.start ?? end));
}

/** Whether no text and no list is open at the prefix's end: what stands behind it is then within nothing. */
const isClosed = (prefix: string): boolean =>
  (prefix.match(/"/g)?.length ?? 0) % 2 === 0 &&
  (prefix.match(/\[/g)?.length ?? 0) === (prefix.match(/\]/g)?.length ?? 0);

/** Select Graphic Rendition, and the erasing that `grep --color` adds (ECMA-48 8.3.117, 8.3.41). */
const COLOUR = /\x1b\[[\d;:]*[mK]/y;

/** The text without colours; those within quotes stay, where they are part of a value and no JSON. */
function withoutColours(text: string): string {
  if (!text.includes('\x1b[')) return text;
  let plain = '';
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '"') at = textEnd(text, at);
    if (text[at] !== '\x1b') continue;
    COLOUR.lastIndex = at;
    const colour = COLOUR.exec(text)?.[0];
    if (colour === undefined) continue;
    plain += text.slice(from, at);
    from = at + colour.length;
    at = from - 1;
  }
  return plain + text.slice(from);
}

/** What stands around the objects, as it is named to the user. */
function separatorsIn(text: string, wholes: readonly Span[], isColoured: boolean): readonly string[] {
  const between = betweenOf(text, wholes, text.length).join('');
  return [
    ...(isColoured ? ['colours'] : []),
    ...(between.includes('\x1e') ? ['RFC 7464 separators'] : []),
    ...(/^[\s,]*,[\s,]*$/.test(between) ? ['commas behind records'] : []),
    ...(between.includes('\uFEFF') ? ['byte order marks'] : []),
    ...(wholes.length > 1 ? ['several records on a line'] : []),
  ];
}
