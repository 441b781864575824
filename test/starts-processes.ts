import { readSources, type SourceFile } from './source-tree.ts';

/** The modules that start a process or open a pty. */
const STARTERS = /^(?:node:)?child_process$|^node:worker_threads$|^@lydell\/node-pty$/;

/** Tests that start no process, but read whole logs, hold dozens of TLS connections or run dozens of command lines in theirs. */
export const SLOW_TESTS: ReadonlySet<string> = new Set([
  'test/commands/bare-words.test.ts',
  'test/commands/entry-flags.test.ts',
  'test/commands/export/otlp.test.ts',
  'test/commands/hostile.test.ts',
  'test/commands/maps/map-verbs.test.ts',
  'test/commands/policy.test.ts',
  'test/commands/replay-round-trip.test.ts',
  'test/commands/report-by.test.ts',
  'test/commands/simulate.test.ts',
  'test/commands/suggest.test.ts',
  'test/mediator/ask/ask.test.ts',
  'test/mediator/ask/commands.test.ts',
  'test/mediator/audit/audit-socket.test.ts',
  'test/mediator/audit/recorded-refusals.test.ts',
  'test/mediator/conformance/http2-conformance.test.ts',
  'test/mediator/exchange/http1-exchange.test.ts',
  'test/mediator/held-slots.test.ts',
  'test/mediator/origin/origin-connections.test.ts',
  'test/mediator/request/intercept.test.ts',
  'test/mediator/request/odd-answers.test.ts',
  'test/mediator/system-trust.test.ts',
  'test/mediator/tunnel/lost-entry.test.ts',
  'test/mediator/tunnel/passthrough.test.ts',
  'test/reading/by-bytes/bench-shapes.test.ts',
  'test/reading/by-bytes/bulk-counter.test.ts',
  'test/reading/by-bytes/count-ranges.test.ts',
  'test/reading/by-bytes/part/part-thread.test.ts',
  'test/reading/document.test.ts',
  'test/reading/mapped-logs.test.ts',
  'test/reading/mixed-folder.test.ts',
  'test/reading/newest-first.test.ts',
  'test/reading/partial-logs.test.ts',
  'test/reading/workspace-document.test.ts',
  'test/reading/wrapped/torn-records.test.ts',
  'test/reading/wrapped/wrapped-logs.test.ts',
  'test/sources/endpoint/endpoint.test.ts',
  'test/systems/all-logs.test.ts',
  'test/systems/sbx/held-policy.test.ts',
  'test/ui/frame-writer.test.tsx',
]);

/**
 * The test files that start no process, open no pty and are fast, as paths from the root. A test starts processes if it, or a module
 * of the tests that it imports, imports one of `STARTERS`.
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
