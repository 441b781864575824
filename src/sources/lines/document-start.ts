import { envelopeFormOf, type EnvelopeForm } from './envelope-forms.ts';
import { MAX_LINE_BYTES } from './line-splitter.ts';

/** How a stream of JSON begins: as lines, as a list of records, or as records one after the other over many lines. */
export type DocumentStart =
  | { readonly type: 'lines' }
  /**
   * The first record, if any, stands behind `offset`; `depth` objects stand open around the list. `workspace` is the one that the
   * object around it names.
   */
  | {
      readonly type: 'list';
      readonly offset: number;
      readonly depth: number;
      readonly workspace: string | null;
    }
  | { readonly type: 'values'; readonly offset: number }
  /** An object of many records that is longer than any line that is held. */
  | {
      readonly type: 'envelope';
      readonly offset: number;
      readonly form: EnvelopeForm;
      /** It stands on one line, as programs write it. */
      readonly isOneLine: boolean;
    }
  /** UTF-16, whatever it holds. */
  | { readonly type: 'utf-16'; readonly encoding: Utf16 };

export type Utf16 = 'utf-16le' | 'utf-16be';

/** So many bytes are looked at before a stream is taken for lines. */
const LOOKAHEAD_BYTES = 64 * 1024;

const LF = 0x0a;
const LINES: DocumentStart = { type: 'lines' };
const BLANK = /^(?:\xEF\xBB\xBF)?[ \t\r\n]*/;
const STRING = String.raw`"(?:[^"\\]|\\.)*"`;
const FLAT = String.raw`(?:${STRING}|-?[\d.eE+-]+|true|false|null|\{(?:${STRING}|[^{}"])*\}|\[(?:${STRING}|[^[\]{}"])*\])`;
/** Members that may stand before the list: a cursor, a total. */
const MEMBERS = String.raw`(?:${STRING}\s*:\s*${FLAT}\s*,\s*)*`;
/** `{"items": [ {`, also within `"data": {`. */
const ENVELOPE = new RegExp(
  String.raw`^\{\s*${MEMBERS}(?<outer>"data"\s*:\s*\{\s*${MEMBERS})?"(?:items|data|events|egress)"\s*:\s*\[(?=\s*[{\]])`,
);
/** An object that is broken into lines, as pretty-printers do it. */
const PRETTY = /^\{[ \t\r]*\n\s*"/;
/** Keys by which an object is a record itself, whatever lists it has. */
const RECORD_KEYS = ['event', 'kind', 'surface', 'event_type', 'decision', 'tool', 'entry_hash'];

/** Reads the first bytes; null where more are needed. Lines are the rule: a document must begin like one in every byte. */
export function documentStart(
  bytes: Buffer,
  isAll: boolean,
  lookahead = LOOKAHEAD_BYTES,
): DocumentStart | null {
  const isEnough = isAll || bytes.length >= lookahead;
  const encoding = utf16Of(bytes);
  if (encoding) return { type: 'utf-16', encoding };
  const text = bytes.toString('latin1', 0, lookahead); // one character a byte
  const start = BLANK.exec(text)?.[0].length ?? 0;
  const rest = text.slice(start);
  if (rest === '' || rest === '\xEF' || rest === '\xEF\xBB') return isEnough ? LINES : null;
  if (rest.startsWith('[')) return listStart(rest, start, isEnough);
  if (!rest.startsWith('{')) return LINES;
  if (bytes.length < lookahead) return objectStart(rest, start, isEnough);
  const found = objectStart(rest, start, isEnough);
  return found?.type === 'list' ? found : envelopeStart(bytes, { start, isAll, lookahead }, found);
}

/** How a file begins, by as many of its first bytes as are needed. */
export async function startOf(firstBytes: (most: number) => Promise<Buffer>): Promise<DocumentStart> {
  const bytes = await firstBytes(LOOKAHEAD_BYTES);
  return (
    documentStart(bytes, bytes.length < LOOKAHEAD_BYTES) ??
    documentStart(await firstBytes(MAX_LINE_BYTES + 1), true) ??
    LINES
  );
}

/** How much of a stream is at hand, and where its first object begins. */
interface AtHand {
  readonly start: number;
  readonly isAll: boolean;
  readonly lookahead: number;
}

/** The envelope that begins here, if it is too long to be held; else what was `found`. Null where more bytes have to tell. */
function envelopeStart(
  bytes: Buffer,
  { start, isAll, lookahead }: AtHand,
  found: DocumentStart | null,
): DocumentStart | null {
  if (bytes.subarray(start, lookahead).includes(LF) && found?.type !== 'values') return found;
  const form = envelopeFormOf(bytes.subarray(start, lookahead));
  if (!form) return found;
  const isOneLine = found?.type !== 'values';
  const isOver = isOneLine
    ? bytes.subarray(start, start + MAX_LINE_BYTES + 1).includes(LF)
    : isClosed(bytes.toString('latin1', start, start + MAX_LINE_BYTES + 1));
  if (isOver) return found;
  if (bytes.length > start + MAX_LINE_BYTES) return { type: 'envelope', offset: start, form, isOneLine };
  return isAll ? found : null;
}

/** By its byte order mark, else by the NUL bytes of its first two characters: a log begins with ASCII. */
function utf16Of(bytes: Buffer): Utf16 | null {
  const [one = 0, two = 0, three = 0, four = 0] = bytes;
  if (one === 0xff && two === 0xfe) return 'utf-16le';
  if (one === 0xfe && two === 0xff) return 'utf-16be';
  if (bytes.length < 4) return null;
  if (one !== 0 && two === 0 && three !== 0 && four === 0) return 'utf-16le';
  return one === 0 && two !== 0 && three === 0 && four !== 0 ? 'utf-16be' : null;
}

function listStart(rest: string, start: number, isEnough: boolean): DocumentStart | null {
  const next = /^\[\s*(\S?)/.exec(rest)?.[1] ?? '';
  if (next === '') return isEnough ? LINES : null;
  return next === '{' || next === ']'
    ? { type: 'list', offset: start + 1, depth: 0, workspace: null }
    : LINES;
}

function objectStart(rest: string, start: number, isEnough: boolean): DocumentStart | null {
  const [firstLine = '', secondLine] = rest.split('\n', 2);
  if (secondLine === undefined && !isEnough) return null;
  if (isRecord(firstLine)) return LINES;
  const envelope = ENVELOPE.exec(rest);
  if (envelope) {
    const depth = envelope.groups?.['outer'] ? 2 : 1;
    const workspace = depth === 1 ? workspaceOf(envelope[0]) : null;
    return { type: 'list', offset: start + envelope[0].length, depth, workspace };
  }
  const isTorn = secondLine?.trimStart().startsWith('{') ?? true;
  if (!isTorn && !isEnough && !isClosed(rest)) return null; // the list may be still to come
  return PRETTY.test(rest) ? { type: 'values', offset: start } : LINES;
}

/** The workspace of `{"workspace": "a", "egress": [`, as microagent's command line prints it. `text` is one character a byte. */
function workspaceOf(text: string): string | null {
  if (!/"egress"\s*:\s*\[$/.test(text)) return null;
  try {
    const object = JSON.parse(`${Buffer.from(text, 'latin1').toString('utf8')}]}`) as { workspace?: unknown };
    return typeof object.workspace === 'string' ? object.workspace : null;
  } catch {
    return null; // members that only look like JSON
  }
}

/** Whether the object that the text begins with is over within it. */
function isClosed(text: string): boolean {
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[{}]/g)) {
    if (token === '{') depth += 1;
    if (token === '}') depth -= 1;
    if (depth === 0) return true;
  }
  return false;
}

/** Whether the line is a whole object, and none that only wraps a list. */
function isRecord(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return (
      typeof value === 'object' &&
      value !== null &&
      (!ENVELOPE.test(line.trim()) || RECORD_KEYS.some(key => key in value))
    );
  } catch {
    return false; // cut off, broken, or the first of several lines
  }
}
