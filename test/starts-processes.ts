import { readSources, type SourceFile } from './source-tree.ts';

/** The modules that start a process or open a pty. */
const STARTERS = /^(?:node:)?child_process$|^node:worker_threads$|^@lydell\/node-pty$/;

/** Loads the whole program into the test's process and may start workers. */
const IN_PROCESS = 'test/commands/run-here.ts';

/**
 * The test files that start no process and open no pty, as paths from the root. A test starts processes if it, or a module of
 * the tests that it imports, imports one of `STARTERS` or runs whole command lines.
 */
export function fastTests(): readonly string[] {
  const files = new Map(readSources('test').map(file => [file.path, file]));
  const starts = (file: SourceFile, seen: Set<string>): boolean => {
    if (seen.has(file.path)) return false;
    seen.add(file.path);
    return (
      file.path === IN_PROCESS ||
      file.imports.some(from => {
        const next = files.get(from);
        return STARTERS.test(from) || (next !== undefined && starts(next, seen));
      })
    );
  };
  return [...files.values()]
    .filter(file => /\.test\.tsx?$/.test(file.path) && !starts(file, new Set()))
    .map(({ path }) => path);
}
