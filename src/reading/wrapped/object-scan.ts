import { behindMatch, scanJson, TEXT_BEGINNING, type JsonScan } from '../../core/text/json-scan.ts';

/** How far a text is JSON from the start of an object on (RFC 8259). */
export type ObjectScan =
  | Exclude<JsonScan, { readonly type: 'broken' }>
  /**
   * It is no JSON from some place on. `starts` are the places where another object may have been written over it: brackets that stand
   * there, and can be no value of this object.
   */
  | { readonly type: 'broken'; readonly starts: readonly number[] };

/** The beginning of a token, where a writer was cut off. */
const CUT_TOKEN = new RegExp(
  String.raw`${TEXT_BEGINNING}(?:\\(?:u[\da-fA-F]{0,3})?)?|t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?|-?[\d.]*(?:[eE][+-]?)?\d*`,
  'y',
);
/** Characters that may stand between two records, or come in where a writer was cut off. */
const SEPARATORS = /[\s,\0\x1e\uFEFF]*/y;

/** Reads the object that begins at `start`. One pass, which ends at the first character that is no JSON. */
export function scanObject(text: string, start: number): ObjectScan {
  const scan = scanJson(text, start);
  return scan.type === 'broken' ? { type: 'broken', starts: startsAt(text, scan) } : scan;
}

/**
 * Brackets that may begin another object near the place where the text is no JSON any more. A bracket at the end of the last text may
 * begin an object whose first quote closed it.
 */
function startsAt(text: string, { at, lastText }: JsonScan & { readonly type: 'broken' }): readonly number[] {
  const inText = /\{[ \t\r\n]*"$/.exec(text.slice(Math.max(lastText.start, lastText.end - 64), lastText.end));
  const closed = inText ? [lastText.end - inText[0].length] : [];
  const behindCut = behindMatch(SEPARATORS, text, behindMatch(CUT_TOKEN, text, at));
  return [...closed, behindCut].filter(start => text[start] === '{');
}
