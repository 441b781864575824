import type { ListChange } from '../../core/policy/dialect.ts';
import { listedLines } from '../../core/policy/listed-line.ts';
import { deletion, insertion, lineBreak, refuse, surgery, type Surgery } from './text-change.ts';

/** Changes a text with one entry a line. An entry is added at the end; removing one removes its whole line. */
export function spliceLines(text: string, change: ListChange): Surgery {
  if (change.path.length > 0 || change.type === 'insert')
    return refuse('a file of lines holds one list and no other');
  if (change.type === 'remove') {
    const found = listedLines(text)[change.index];
    return found ? surgery(deletion(found.start, found.end)) : refuse('there is no such entry');
  }
  const end = lineBreak(text, Math.max(0, text.length - 1));
  const isOpen = text !== '' && !text.endsWith('\n');
  const comment = change.comment === null ? '' : ` ${change.comment}`;
  return surgery(insertion(text.length, `${isOpen ? end : ''}${change.value}${comment}${isOpen ? '' : end}`));
}
