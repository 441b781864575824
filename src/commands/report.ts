import type { Problem } from '../core/problem.ts';
import { describeProblem } from '../core/problem.ts';
import { Traffic } from '../core/traffic.ts';
import { reportCsv } from '../report/csv.ts';
import { inertJson } from '../report/log-line.ts';
import { reportMarkdown } from '../report/markdown.ts';
import { buildReport, type Report } from '../report/report.ts';
import { reportText } from '../report/text.ts';
import { SourceError } from '../sources/trouble.ts';
import { eventSelection, systemsFor, type SourceOptions } from './common-options.ts';
import { misuse } from './failure.ts';
import { LineDecoder } from './line-decoder.ts';
import { note, Output } from './output.ts';
import { placesOf } from './places.ts';
import { openOnce, type LineStream } from './read-once.ts';
import { resolveSources } from './resolve-sources.ts';

export interface ReportOptions extends SourceOptions {
  readonly json?: true;
  readonly csv?: true;
  readonly markdown?: true;
}

/** Reads the sources once and prints one aggregate. Exit 1 when a source could not be read: the totals then lack it. */
export async function report(args: readonly string[], options: ReportOptions): Promise<number> {
  const format = formatOf(options);
  const now = Date.now();
  const selected = eventSelection(options, now);
  const decoder = new LineDecoder(systemsFor(options.system));
  const sources = await resolveSources(args, placesOf(options.stateDir));
  const output = new Output();
  const stopped = interruption(output.signal);
  const { streams, problems } = await openOnce(sources, stopped);
  const traffic = new Traffic();
  const failures = [...problems];
  for (const stream of streams) {
    const failure = await readInto(traffic, stream, decoder, event => selected(event), now);
    if (failure) failures.push(failure);
  }
  for (const problem of failures) {
    note(describeProblem(problem));
    traffic.addProblem(problem);
  }
  if (options.csv && traffic.malformed > 0) note(malformedNote(traffic));
  if (options.csv && traffic.evicted.hosts > 0)
    note(
      `${traffic.evicted.hosts} quiet hosts with ${traffic.evicted.row.counts.total} decisions have no row of their own`,
    );
  await output.text(format(buildReport(traffic)));
  return failures.some(problem => problem.severity === 'error') ? 1 : 0;
}

/** What a format of hosts alone has no place for: nothing that was passed by goes unsaid. */
function malformedNote({ malformed, problems }: Traffic): string {
  const first = problems.at(0);
  return `${malformed} malformed lines are not counted${first ? `, as ${describeProblem(first)}` : ''}`;
}

type EventTest = ReturnType<typeof eventSelection>;

async function readInto(
  traffic: Traffic,
  stream: LineStream,
  decoder: LineDecoder,
  selected: EventTest,
  now: number,
): Promise<Problem | null> {
  try {
    for await (const batch of stream.batches()) {
      decoder.decode(batch, {
        event: event => {
          if (selected(event)) traffic.add(event, now);
        },
        malformed: problem => traffic.addMalformed(problem),
      });
    }
    return null;
  } catch (error) {
    if (error instanceof SourceError) return error.problem;
    throw error;
  }
}

/** Aborts on Ctrl-C, once: what was read until then is reported; a second Ctrl-C ends the program. Also when nobody reads any more. */
export function interruption(closed: AbortSignal): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  return AbortSignal.any([controller.signal, closed]);
}

function formatOf({ json, csv, markdown }: ReportOptions): (report: Report) => string {
  if ([json, csv, markdown].filter(Boolean).length > 1) throw misuse('one of --json, --csv, --markdown');
  if (json) return found => `${inertJson(JSON.stringify(found, null, 2))}\n`;
  if (csv) return reportCsv;
  return markdown ? reportMarkdown : reportText;
}
