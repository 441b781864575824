import { isDecision } from '../../core/event.ts';
import { TimeLine } from '../../core/traffic/time/time-line.ts';
import { reportHtml } from '../../report/html/page.ts';
import { pageFacts } from '../../report/html/page-facts.ts';
import type { OnceSource } from '../../reading/read-once.ts';
import { AtomicFile } from '../atomic-file.ts';
import { systemsFor, type SourceOptions } from '../../reading/selection.ts';
import { note, noteProblem, Output } from '../output.ts';
import { placesOf } from '../places.ts';
import { partialLogs } from '../../reading/partial-logs.ts';
import { readTraffic } from '../../reading/read-traffic.ts';
import { version } from '../version.ts';

/** Reads the sources once and writes the report as an HTML page to a file, or to stdout for `-`. Exit 1 if a source could not be read. */
export async function htmlReport(
  args: readonly string[],
  options: SourceOptions,
  { file, archive }: { readonly file: string; readonly archive: OnceSource | null },
): Promise<number> {
  const output = new Output();
  const timeLine = new TimeLine();
  const { traffic, failures, names, partial, isUnreadable } = await readTraffic(args, options, {
    places: placesOf(options.stateDir, options),
    tell: noteProblem,
    closed: output.signal,
    archive,
    onEvent: event => {
      if (isDecision(event)) timeLine.add(event.at, event.verdict);
    },
  });
  const page = reportHtml(
    pageFacts(traffic, timeLine, {
      sources: archive ? [archive.name] : args,
      selection: selectionOf(options),
      madeAt: Date.now(),
      version: version(),
      partial: [...partial, ...(await partialLogs(names, systemsFor(options)))],
    }),
  );
  if (file === '-') await output.text(page);
  else {
    await AtomicFile.writeWhole(file, page);
    note(`wrote ${file}`);
  }
  return isUnreadable || failures.some(problem => problem.severity === 'error') ? 1 : 0;
}

const selectionOf = ({ system, since, until, filter }: SourceOptions): readonly string[] =>
  Object.entries({ system, since, until, filter }).flatMap(([flag, value]) =>
    value === undefined ? [] : [`--${flag} ${value}`],
  );
