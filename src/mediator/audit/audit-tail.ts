import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { JsonObject } from '../../core/event.ts';
import { parseObject } from '../../core/record.ts';

/** How much of an older log is looked at. */
const TAIL_BYTES = 4 * 1024 * 1024;

/** The newest whole records at the end of an audit log, oldest first; none where it cannot be read. */
export function auditTail(path: string, most: number): readonly JsonObject[] {
  return tailText(path)
    .split('\n')
    .slice(1) // its beginning is most likely cut off, or the empty text before the first line
    .map(parseObject) // of what is blank or cut off by a kill, nothing
    .filter(record => record !== null)
    .slice(-most);
}

/** With a line break before it where it is the whole file, so that the first line counts. */
function tailText(path: string): string {
  try {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
      readSync(file, bytes, 0, bytes.length, size - bytes.length);
      return bytes.length === size ? `\n${bytes.toString()}` : bytes.toString();
    } finally {
      closeSync(file);
    }
  } catch {
    return ''; // no log yet, or none that we may read: then there is nothing to replay
  }
}
