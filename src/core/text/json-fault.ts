import { scanJson, TEXT_BEGINNING, type Awaited, type JsonScan } from './json-scan.ts';

/** The first place at which a text is no JSON: what stands there, and what its writer has to do. */
export interface JsonFault {
  /** In UTF-16 units. */
  readonly offset: number;
  readonly why: string;
  readonly remedy: string;
}

/** A place where the scan ended, and what stands there. */
interface Place {
  readonly text: string;
  readonly at: number;
  readonly awaited: Awaited;
}

type Words = Pick<JsonFault, 'why' | 'remedy'>;

const LONGEST_TOKEN = 40;
const BY_DUMPS = "let the writer use Python's json.dumps, not print or str";
const IN_QUOTES = 'let the writer put each text in double quotes, and write null for what is not there';
const AS_NUMBER = 'let the writer write a plain decimal number, or the text in double quotes';
const AS_NULL = "let the writer write null, as jq and serde do: Python's json.dumps does not by itself";
const ONE_WRITER = 'let the writer encode each record by a JSON library, not by joining texts';

/** Spellings that JSON does not have, by the text at the place. The first that matches names it. */
const SPELLINGS: readonly (readonly [RegExp, (token: string) => Words])[] = [
  [/^[+-]?(?:nan|inf|infinity)\b/i, token => ({ why: `${token} is no number of JSON`, remedy: AS_NULL })],
  [/^(?:True|False|None)\b/, token => ({ why: `Python's ${token} is no value of JSON`, remedy: BY_DUMPS })],
  [
    /^undefined\b/,
    token => ({
      why: `JavaScript's ${token} is no value of JSON`,
      remedy: 'let the writer use JSON.stringify, or write null',
    }),
  ],
  [/^[bur]?'/i, () => ({ why: "a text stands in single quotes, as Python's repr has it", remedy: BY_DUMPS })],
  [
    /^[`´‘’“”„«»＂]/,
    token => ({
      why: `the quote ${token} is none of JSON`,
      remedy: 'let the writer use plain double quotes: an editor may have changed them',
    }),
  ],
  [
    /^(?:\/\/|\/\*|#|--)/,
    () => ({ why: 'a comment stands here, and JSON has none', remedy: 'let the writer leave out comments' }),
  ],
  [
    /^\x1b\[/,
    () => ({
      why: 'the colour of a terminal stands here',
      remedy: 'let the writer print without colours, as `jq -M` does',
    }),
  ],
  [
    /^(?!-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-]))(?:[+-]?\.?\d[\w.+-]*|[+-])/,
    token => ({ why: `${token} is no number of JSON`, remedy: AS_NUMBER }),
  ],
  [
    /^[\p{L}_$][\p{L}\d_$.-]*/u,
    token => ({ why: `the word ${token} stands without quotes`, remedy: IN_QUOTES }),
  ],
];

/** A key without quotes, up to its colon. */
const BARE_KEY = /^[\p{L}\d_$-]+(?=\s*:)/u;
/** The end of a number of which the rest is none of JSON: 0x10, 05, 1., 1_000. */
const NUMBER_END = /[+-]?[\d.]+(?:[eE][+-]?\d*)?$/;

/**
 * The first place at which the object or list of a line is no JSON (RFC 8259). Null where the line is JSON, or begins with neither. What
 * the line could have meant is not read.
 */
export function jsonFault(text: string): JsonFault | null {
  const start = /^\s*[{[]/.exec(text)?.[0].length;
  if (start === undefined) return null;
  const scan = scanJson(text, start - 1);
  switch (scan.type) {
    case 'whole':
      return behindEnd(text, scan.end);
    case 'open':
      return {
        offset: text.trimEnd().length,
        why: `the line ends before the ${scan.opener} is closed`,
        remedy: 'look at the writer: it lost the rest of a record',
      };
    case 'broken':
      return faultAt(text, scan);
  }
}

/** Something stands behind the object: a comment, or text that joins nothing. */
function behindEnd(text: string, end: number): JsonFault | null {
  const at = end + (/^[ \t\r\n]*/.exec(text.slice(end))?.[0].length ?? 0);
  if (at === text.length) return null;
  const isComment = /^(?:\/\/|\/\*|#|--)/.test(text.slice(at));
  const words = isComment
    ? spelled(text.slice(at))
    : { why: `${tokenAt(text, at)} stands behind the end of the object`, remedy: ONE_WRITER };
  return words && { offset: at, ...words };
}

function faultAt(text: string, { at, awaited }: JsonScan & { readonly type: 'broken' }): JsonFault {
  const place: Place = { text, at, awaited };
  if (text[at] === '"' && awaited !== 'colon' && awaited !== 'comma or end') return brokenText(place);
  return inNumber(place) ?? { offset: at, ...wordsOf(place) };
}

function wordsOf({ text, at, awaited }: Place): Words {
  const rest = text.slice(at, at + 2 * LONGEST_TOKEN);
  const sign = rest[0] ?? '';
  const token = tokenAt(text, at);
  if (/[\p{Z}\p{Cc}\p{Cf}]/u.test(sign))
    return { why: `${codeOf(sign)} is no blank of JSON`, remedy: ONE_WRITER };
  if ('}]'.includes(sign) && /,\s*$/.test(text.slice(Math.max(0, at - LONGEST_TOKEN), at)))
    return { why: `a comma stands before the ${sign}`, remedy: 'let the writer leave out the last comma' };
  const isKey = awaited === 'key' || awaited === 'key or end';
  const key = isKey ? BARE_KEY.exec(rest)?.[0] : undefined;
  if (key !== undefined)
    return {
      why: `the key ${key} stands without quotes`,
      remedy: 'let the writer put each key in double quotes',
    };
  return spelled(rest) ?? { why: missing(awaited, token), remedy: ONE_WRITER };
}

function missing(awaited: Awaited, token: string): string {
  switch (awaited) {
    case 'key':
    case 'key or end':
      return `a key in double quotes is missing before ${token}`;
    case 'colon':
      return `a colon is missing before ${token}`;
    case 'value':
    case 'value or end':
      return `a value is missing before ${token}`;
    case 'comma or end':
      return `a comma is missing before ${token}`;
  }
}

function spelled(rest: string): Words | null {
  for (const [pattern, words] of SPELLINGS) {
    const token = pattern.exec(rest)?.[0];
    if (token !== undefined) return words(short(token));
  }
  return null;
}

/** A number of which a part is one of JSON, so that its rest stands where a comma is due; null where none ends here. */
function inNumber({ text, at, awaited }: Place): JsonFault | null {
  if (awaited !== 'comma or end' || !/^[\w.+-]/.test(text.slice(at, at + 1))) return null;
  const from = Math.max(0, at - LONGEST_TOKEN);
  const begun = NUMBER_END.exec(text.slice(from, at))?.[0];
  if (begun === undefined) return null;
  const token = /^[\w.+-]*/.exec(text.slice(at - begun.length))?.[0] ?? begun;
  return { offset: at - begun.length, why: `${short(token)} is no number of JSON`, remedy: AS_NUMBER };
}

/** A text in double quotes that goes wrong within, or never ends. */
function brokenText({ text, at }: Place): JsonFault {
  const beginning = new RegExp(TEXT_BEGINNING, 'y');
  beginning.lastIndex = at;
  const offset = beginning.test(text) ? beginning.lastIndex : at;
  const sign = text[offset];
  if (sign === undefined || (sign === '\\' && offset + 1 === text.length))
    return {
      offset: at,
      why: 'the line ends within a text',
      remedy: 'look at the writer: it lost the rest of a record',
    };
  if (sign === '\\')
    return {
      offset,
      why: 'a backslash stands before a character that it cannot escape',
      remedy: 'let the writer double each backslash',
    };
  return {
    offset,
    why: `the control character ${codeOf(sign)} stands in a text`,
    remedy: 'let the writer escape it, as JSON libraries do',
  };
}

const codeOf = (sign: string): string =>
  `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

function tokenAt(text: string, at: number): string {
  if (/[\p{Z}\p{C}]/u.test(text[at] ?? '')) return codeOf(text[at] ?? '');
  const rest = text.slice(at, at + 2 * LONGEST_TOKEN);
  return short(/^(?:"(?:[^"\\]|\\.)*"|[\w.-]+|.)/u.exec(rest)?.[0] ?? rest);
}

const short = (token: string): string =>
  token.length > LONGEST_TOKEN ? `${token.slice(0, LONGEST_TOKEN)}…` : token;
