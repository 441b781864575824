/** The token that may come next: a key, the colon behind it, a value, or what follows a value. */
export type Awaited = 'key or end' | 'key' | 'colon' | 'value' | 'value or end' | 'comma or end';

interface Span {
  readonly start: number;
  readonly end: number;
}

/** How far a text is JSON from some place on (RFC 8259). */
export type JsonScan =
  /** `end` is behind the bracket that closes the object or list. */
  | { readonly type: 'whole'; readonly end: number }
  /** The text ends first, between two tokens: it is the beginning of an object or list. */
  | { readonly type: 'open'; readonly opener: string }
  /** It is no JSON from `at` on, where a token of another kind is awaited. `lastText` is the last token that was a text. */
  | {
      readonly type: 'broken';
      readonly at: number;
      readonly awaited: Awaited;
      readonly lastText: Span;
    };

/** As much of a text as is one, up to its closing quote; a backslash at the end may be cut off from what it escapes. */
export const TEXT_BEGINNING = String.raw`"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\u0000-\u001f]*)*`;
/** A token that is no bracket, comma or colon: a text, a number or a word. */
const TOKEN = new RegExp(
  String.raw`${TEXT_BEGINNING}"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null`,
  'y',
);
const BLANKS = /[ \t\r\n]*/y;

/** Reads the object or list that begins at `start`. One pass, which ends at the first character that is no JSON. */
export function scanJson(text: string, start: number): JsonScan {
  const open: string[] = [];
  let awaited: Awaited = 'value';
  let lastText: Span = { start: 0, end: 0 };
  for (let at = start; ;) {
    at = behindMatch(BLANKS, text, at);
    const character = text[at];
    if (character === undefined) return { type: 'open', opener: open.at(-1) ?? '' };
    const next = bracketed(character, awaited, open);
    if (next) {
      at += 1;
      if (open.length === 0) return { type: 'whole', end: at };
      awaited = next;
      continue;
    }
    const end = behindMatch(TOKEN, text, at);
    const after: Awaited | null = end === at ? null : afterToken(awaited, character === '"');
    if (!after) return { type: 'broken', at, awaited, lastText };
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

/** Where the match of a sticky pattern at `at` ends; `at` where there is none. */
export function behindMatch(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
