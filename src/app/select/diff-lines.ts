import { line, type Line } from '../span.ts';

/** The hunks of a unified diff, without its file header. */
export function diffLines(diff: string): readonly Line[] {
  const body = diff.split('\n').filter(text => text !== '' && !/^(?:---|\+\+\+|===|Index:|\\)/.test(text));
  return body.map(text => line(text, toneOf(text)));
}

function toneOf(text: string): 'added' | 'removed' | 'dim' {
  if (text.startsWith('+')) return 'added';
  return text.startsWith('-') ? 'removed' : 'dim';
}
