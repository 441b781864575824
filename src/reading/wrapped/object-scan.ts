/** How far a text is JSON from the start of an object on (RFC 8259). */
export type ObjectScan =
  /** `end` is behind the bracket that closes it. */
  | { readonly type: 'whole'; readonly end: number }
  /** The text ends first, between two tokens: it is the beginning of an object. */
  | { readonly type: 'open' }
  /**
   * It is no JSON from some place on. `starts` are the places where another object may have been written over it: brackets that stand
   * there, and can be no value of this object.
   */
  | { readonly type: 'broken'; readonly starts: readonly number[] };

interface Span {
  readonly start: number;
  readonly end: number;
}

/** The token that may come next: a key, the colon behind it, a value, or what follows a value. */
type Awaited = 'key or end' | 'key' | 'colon' | 'value' | 'value or end' | 'comma or end';

/** As much of a text as is one, up to its closing quote; a backslash at the end may be cut off from what it escapes. */
const TEXT_BEGINNING = String.raw`"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\u0000-\u001f]*)*`;
/** A token that is no bracket, comma or colon: a text, a number or a word. */
const TOKEN = new RegExp(
  String.raw`${TEXT_BEGINNING}"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null`,
  'y',
);
/** The beginning of a token, where a writer was cut off. */
const CUT_TOKEN = new RegExp(
  String.raw`${TEXT_BEGINNING}(?:\\(?:u[\da-fA-F]{0,3})?)?|t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?|-?[\d.]*(?:[eE][+-]?)?\d*`,
  'y',
);
const BLANKS = /[ \t\r\n]*/y;
/** Characters that may stand between two records, or come in where a writer was cut off. */
const SEPARATORS = /[\s,\0\x1e\uFEFF]*/y;

/** Reads the object that begins at `start`. One pass, which ends at the first character that is no JSON. */
export function scanObject(text: string, start: number): ObjectScan {
  const open: string[] = [];
  let awaited: Awaited = 'value';
  /** The last token that was a text: a bracket at its end may begin an object whose first quote closed it. */
  let lastText: Span = { start: 0, end: 0 };
  for (let at = start; ;) {
    at = behind(BLANKS, text, at);
    const character = text[at];
    if (character === undefined) return { type: 'open' };
    const next = bracketed(character, awaited, open);
    if (next) {
      at += 1;
      if (open.length === 0) return { type: 'whole', end: at };
      awaited = next;
      continue;
    }
    const end = behind(TOKEN, text, at);
    const after: Awaited | null = end === at ? null : afterToken(awaited, character === '"');
    if (!after) return { type: 'broken', starts: startsAt(text, at, lastText) };
    if (character === '"') lastText = { start: at, end };
    [at, awaited] = [end, after];
  }
}

/** The token due behind a bracket, comma or colon; null where that may not stand here, and for any other character. */
function bracketed(character: string, awaited: Awaited, open: string[]): Awaited | null {
  const isValue = awaited === 'value' || awaited === 'value or end';
  switch (character) {
    case '{':
    case '[':
      if (!isValue) return null;
      open.push(character);
      return character === '{' ? 'key or end' : 'value or end';
    case '}':
    case ']': {
      const isInner = awaited === (character === '}' ? 'key or end' : 'value or end');
      const isOpen = open.at(-1) === (character === '}' ? '{' : '[');
      if (!isOpen || !(isInner || awaited === 'comma or end')) return null;
      open.pop();
      return 'comma or end';
    }
    case ',':
      if (awaited !== 'comma or end') return null;
      return open.at(-1) === '{' ? 'key' : 'value';
    case ':':
      return awaited === 'colon' ? 'value' : null;
    default:
      return null;
  }
}

function afterToken(awaited: Awaited, isText: boolean): Awaited | null {
  if (awaited === 'value' || awaited === 'value or end') return 'comma or end';
  return isText && (awaited === 'key' || awaited === 'key or end') ? 'colon' : null;
}

/** Brackets that may begin another object near the place `at` where the text is no JSON any more. */
function startsAt(text: string, at: number, lastText: Span): readonly number[] {
  const inText = /\{[ \t\r\n]*"$/.exec(text.slice(Math.max(lastText.start, lastText.end - 64), lastText.end));
  const closed = inText ? [lastText.end - inText[0].length] : [];
  const behindCut = behind(SEPARATORS, text, behind(CUT_TOKEN, text, at));
  return [...closed, behindCut].filter(start => text[start] === '{');
}

/** Where the match of a sticky pattern at `at` ends; `at` where there is none. */
function behind(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
