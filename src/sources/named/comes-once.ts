import { statSync } from 'node:fs';
import type { SourceSpec } from '../source.ts';

/** Whether what a source gave cannot be read again: a socket, standard input, a pipe, an endpoint or a program. */
export function comesOnce(spec: SourceSpec): boolean {
  if (spec.type === 'glob') return false;
  if (spec.type !== 'path') return true;
  const found = statSync(spec.path, { throwIfNoEntry: false });
  return found !== undefined && !found.isFile() && !found.isDirectory();
}
