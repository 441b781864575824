import { chopped, fitLine } from './text/fit.ts';
import { line, type Line } from './text/span.ts';

/** The hunks of a unified diff without its file header. */
export function diffLines(diff: string): readonly Line[] {
  const body = diff.split('\n').filter(text => text !== '' && !/^(?:---|\+\+\+|===|Index:|\\)/.test(text));
  return body.map(text => line(placeOf(text) ?? text, toneOf(text)));
}

/** The line number in a hunk's header, as `line 15`. For a removed file it is the old line. Null for any other line. */
function placeOf(text: string): string | null {
  const [, before, after] = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(text) ?? [];
  return before === undefined ? null : `line ${after === '0' ? before : after}`;
}

function toneOf(text: string): 'added' | 'removed' | 'dim' {
  if (text.startsWith('+')) return 'added';
  return text.startsWith('-') ? 'removed' : 'dim';
}

/** The hunks at this width. Added and removed lines are wrapped and never cut, because a list may be one long line. */
export const wholeDiff = (diff: string, width: number): readonly Line[] =>
  diffLines(diff).flatMap(shown => {
    const [{ text, tone } = { text: '', tone: 'dim' as const }] = shown;
    return tone === 'dim' ? [fitLine(shown, width)] : chopped(text, width).map(part => line(part, tone));
  });
