import { parseObject } from '../../core/record.ts';
import { scanObject } from './object-scan.ts';

/** The content of a line that is no JSON object, told by its brackets and quotes alone. */
export type TextWithRecords =
  /** Objects with nothing between them but separators, in their order. */
  | {
      readonly type: 'records';
      readonly records: readonly FoundRecord[];
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

/** A whole object, or the beginning of one that was cut off. */
export type FoundRecord =
  | { readonly type: 'whole'; readonly text: string }
  /** `isLast`: nothing stands behind it. */
  | { readonly type: 'torn'; readonly text: string; readonly isLast: boolean };

/** Blanks, commas, NUL, the byte order mark, and the record separator of RFC 7464. */
const SEPARATORS = /^[\s,\0\x1e\uFEFF]*$/;

/** So many places of one line are tried where another record may have been written over a torn one. */
const MOST_STARTS = 16;

interface Span {
  readonly start: number;
  readonly end: number;
  readonly isTorn?: true;
}

/** Whether a text is a record that some system owns. */
type IsRecord = (text: string) => boolean;

/**
 * Finds the JSON objects of a line that is none itself. Nothing within an object or its texts is looked at. An object that is cut off hides
 * what stands behind it. A known record is found all the same where the cut one can hold no value. One pass, however the line is made.
 */
export function recordsInText(line: string, isRecord: IsRecord): TextWithRecords {
  const text = withoutColours(line);
  const found = objectsIn(text, isRecord);
  const wholes = found.filter(({ isTorn }) => !isTorn);
  const [first] = wholes;
  if (!first) return { type: 'none' };
  const around = separatorsIn(text, found, { isColoured: text !== line, isSeveral: wholes.length > 1 });
  const stretches = betweenOf(text, found);
  if (stretches.every(between => SEPARATORS.test(between)))
    return { type: 'records', records: found.map(span => recordOf(text, span)), around };
  const prefix = text.slice(0, first.start);
  const isAlone = found.length === 1;
  if (isAlone && SEPARATORS.test(text.slice(first.end)) && isClosed(prefix))
    return { type: 'prefixed', record: text.slice(first.start, first.end), prefix, around };
  return { type: 'mixed', count: wholes.length };
}

const recordOf = (text: string, { start, end, isTorn }: Span): FoundRecord =>
  isTorn
    ? { type: 'torn', text: text.slice(start, end), isLast: end === text.length }
    : { type: 'whole', text: text.slice(start, end) };

/** The objects of the text's top level, and the beginnings of such as were cut off. Brackets that hold no JSON are text. */
function objectsIn(text: string, isRecord: IsRecord): readonly Span[] {
  const found: Span[] = [];
  const budget = { starts: MOST_STARTS };
  for (let start = text.indexOf('{'); start >= 0;) {
    const scan = scanObject(text, start);
    const over = scan.type === 'broken' ? writtenOver(text, scan.starts, { isRecord, budget }) : [];
    const end = over.at(-1)?.end ?? objectEnd(text, start);
    if (over[0]) found.push({ start, end: over[0].start, isTorn: true }, ...over);
    else if (end === null) return [...found, { start, end: text.length, isTorn: true }];
    else if (parseObject(text.slice(start, end))) found.push({ start, end });
    start = text.indexOf('{', end ?? text.length);
  }
  return found;
}

/** A known record that begins at one of these places, behind the torn ones before it; empty where there is none. */
function writtenOver(
  text: string,
  starts: readonly number[],
  { isRecord, budget }: { readonly isRecord: IsRecord; readonly budget: { starts: number } },
): readonly Span[] {
  for (const start of starts) {
    if (budget.starts === 0) return [];
    budget.starts -= 1;
    const scan = scanObject(text, start);
    if (scan.type === 'whole' && isRecord(text.slice(start, scan.end))) return [{ start, end: scan.end }];
    const over = scan.type === 'broken' ? writtenOver(text, scan.starts, { isRecord, budget }) : [];
    if (over[0]) return [{ start, end: over[0].start, isTorn: true }, ...over];
  }
  return [];
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
function betweenOf(text: string, found: readonly Span[]): readonly string[] {
  const starts = [0, ...found.map(({ end }) => end)];
  return starts.map((from, index) => text.slice(from, found[index]?.start ?? text.length));
}

/** Whether no text and no list is open at the prefix's end: what stands behind it is then within nothing. */
const isClosed = (prefix: string): boolean =>
  (prefix.match(/"/g)?.length ?? 0) % 2 === 0 &&
  (prefix.match(/\[/g)?.length ?? 0) === (prefix.match(/\]/g)?.length ?? 0);

/** A control sequence, as of a colour, an erasure or a hidden cursor (ECMA-48 5.4), or an operating system command, as of a link (8.3.89). */
const SEQUENCE = String.raw`\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))`;
const COLOUR = new RegExp(SEQUENCE, 'y');
const LAST_COLOUR = new RegExp(`${SEQUENCE}$`);

/** A colour or another sequence, or a separator other than a blank. */
const BEFORE = new RegExp(String.raw`^(?:${SEQUENCE}|[\0\x1e\uFEFF])+`);
/** So long is the longest colour that is taken off at the end of a line. */
const LONGEST_COLOUR = 32;

/** The text without colours and blanks at its end, from the end on: no run of blanks is walked twice. */
function withoutEnd(line: string): string {
  for (let text = line.trimEnd(); ;) {
    const colour = LAST_COLOUR.exec(text.slice(-LONGEST_COLOUR))?.[0];
    if (colour === undefined) return text;
    text = text.slice(0, -colour.length).trimEnd();
  }
}

/** A line of text without the colours and separators that stand before and behind it; null where it has none. Those within stay. */
export function bareText(line: string): { readonly text: string; readonly around: readonly string[] } | null {
  const behind = line.replace(BEFORE, '');
  const text = withoutEnd(behind);
  const signs = line.slice(0, line.length - behind.length) + behind.slice(text.length);
  return signs.trim() === '' && behind === line ? null : { text, around: namedSigns(signs) };
}

/** The signs around records, as they are named to the user. */
const namedSigns = (signs: string): readonly string[] => [
  ...(signs.includes('\x1b') ? ['colours'] : []),
  ...(signs.includes('\x1e') ? ['RFC 7464 separators'] : []),
  ...(signs.includes('\uFEFF') ? ['byte order marks'] : []),
];

/** The text without colours; those within quotes stay, where they are part of a value and no JSON. */
function withoutColours(text: string): string {
  if (!text.includes('\x1b')) return text;
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

/** The text around the objects, as it is named to the user. */
function separatorsIn(
  text: string,
  found: readonly Span[],
  { isColoured, isSeveral }: { readonly isColoured: boolean; readonly isSeveral: boolean },
): readonly string[] {
  const between = betweenOf(text, found).join('');
  return [
    ...(isColoured ? ['colours'] : []),
    ...(between.includes('\x1e') ? ['RFC 7464 separators'] : []),
    ...(/^[\s,]*,[\s,]*$/.test(between) ? ['commas behind records'] : []),
    ...(between.includes('\uFEFF') ? ['byte order marks'] : []),
    ...(isSeveral ? ['several records on a line'] : []),
  ];
}
