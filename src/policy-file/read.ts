import type { Dialect, ParsedPolicy } from '../core/policy/dialect.ts';
import type { Problem } from '../core/problem.ts';
import { readText } from './read-text.ts';

/** A policy file as it stands, with what the dialect makes of it, or why it cannot be read. */
export type ReadPolicy =
  | {
      readonly type: 'read';
      readonly path: string;
      readonly text: string;
      readonly revision: string;
      readonly parsed: ParsedPolicy;
    }
  | { readonly type: 'failed'; readonly problem: Problem };

/** Reads and parses a policy file. A text that does not parse is read all the same: `parsed` says what is wrong with it. */
export async function readPolicy(path: string, dialect: Dialect): Promise<ReadPolicy> {
  const found = await readText(path);
  if (found.type !== 'text') return { type: 'failed', problem: found.problem };
  const { text, revision } = found;
  return { type: 'read', path, text, revision, parsed: dialect.parse(text, path) };
}
