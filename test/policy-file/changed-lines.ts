import { diffLines } from 'diff';

/** The lines that differ, in order: `-` and the old line, `+` and the new one, without their ends. */
export const changedLines = (before: string, after: string): readonly string[] =>
  diffLines(before, after).flatMap(({ added, removed, value }) =>
    added || removed
      ? value
          .replace(/\r?\n$/, '')
          .split(/\r?\n/)
          .map(line => (added ? '+' : '-') + line)
      : [],
  );
