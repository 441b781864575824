import { realpathSync } from 'node:fs';
import { relative } from 'node:path';
import type { SourceSpec } from '../sources/source.ts';

/** Whether a file is among the sources, by its path or in a folder. A mediator's socket then adds nothing to its log. */
export function isRead(path: string | null, specs: readonly SourceSpec[]): boolean {
  const file = path === null ? null : real(path);
  if (file === null) return false;
  return specs.some(spec => {
    const named = spec.type === 'path' ? real(spec.path) : null;
    return named !== null && (named === file || !/^\.\.(\/|$)|\//.test(relative(named, file)));
  });
}

/** Whether two paths lead to one file. A path that leads nowhere is compared as it is. */
export const isSameFile = (one: string, other: string): boolean =>
  (real(one) ?? one) === (real(other) ?? other);

function real(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null; // not there: nothing is read from it
  }
}
