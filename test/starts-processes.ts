import { readSources, type SourceFile } from './source-tree.ts';

/** The modules that start a process or open a pty, and those of the tests that run a command line or a mediator in their own process. */
const STARTERS =
  /^(?:node:)?child_process$|^node:worker_threads$|^@lydell\/node-pty$|^test\/commands\/run-here\.ts$|^test\/mediator\/world\.ts$/;

/** Other tests that take more than a second of the processor: they read whole logs or hold dozens of connections. */
export const SLOW_TESTS: ReadonlySet<string> = new Set([
  'test/sources/endpoint/endpoint.test.ts',
  'test/ui/frame-writer.test.tsx',
]);

/**
 * The test files that are fast, as paths from the root. They start no process and run no command line and no mediator: neither they
 * nor the modules of the tests that they import import one of `STARTERS`.
 */
export function fastTests(): readonly string[] {
  const files = new Map(readSources('test').map(file => [file.path, file]));
  const starts = (file: SourceFile, seen: Set<string>): boolean => {
    if (seen.has(file.path)) return false;
    seen.add(file.path);
    return file.imports.some(from => {
      const next = files.get(from);
      return STARTERS.test(from) || (next !== undefined && starts(next, seen));
    });
  };
  return [...files.values()]
    .filter(file => /\.test\.tsx?$/.test(file.path) && !SLOW_TESTS.has(file.path) && !starts(file, new Set()))
    .map(({ path }) => path);
}
