import { describeProblem } from '../../core/problem.ts';
import { describePartialLog } from '../../core/completeness.ts';
import type { Traffic } from '../../core/traffic/traffic.ts';
import type { Groups } from '../../core/traffic/groups.ts';
import { OTHER } from '../../core/traffic/tally.ts';
import { plural } from '../../core/grouped.ts';
import { reportRows, type RankedRows } from '../../report/report.ts';
import type { OnceSource } from '../../reading/read-once.ts';
import { systemsFor, timeWindow, type SourceOptions } from '../../reading/selection.ts';
import { failureOf, misuse } from '../../core/failure.ts';
import { partialLogs } from '../../reading/partial-logs.ts';
import { note, noteProblem, Output } from '../output.ts';
import { tellZone } from '../zone-note.ts';
import { placesOf } from '../places.ts';
import { readTraffic } from '../../reading/read-traffic.ts';

/** The flags of `report`. */
export interface ReportOptions extends SourceOptions {
  readonly json?: true;
  readonly csv?: true;
  readonly by?: string;
  readonly markdown?: true;
  readonly html?: string;
  readonly fromArchive?: string;
}

/** Reads the sources once and prints a report. Exit 1 if a source could not be read, because its records are missing in the totals. */
export async function report(args: readonly string[], options: ReportOptions): Promise<number> {
  const format = await formatOf(options);
  const groups = await groupsOf(options);
  tellZone(options);
  const archive =
    options.fromArchive === undefined ? null : await archiveOf(args, options, options.fromArchive);
  if (options.html !== undefined)
    return (await import('./html-report.ts')).htmlReport(args, options, { file: options.html, archive });
  const output = new Output();
  const {
    traffic,
    machines,
    failures,
    names,
    partial: streams,
    isUnreadable,
    isNothingRead,
  } = await readTraffic(args, options, {
    places: placesOf(options.stateDir, options),
    tell: noteProblem,
    closed: output.signal,
    countsAlone: true,
    groups,
    archive,
  });
  const unread = failures.find(({ severity }) => severity === 'error');
  if (options.json && unread && isNothingRead) throw failureOf(unread, 'unreadable-source');
  if (options.csv && traffic.malformed > 0) note(malformedNote(traffic));
  if (options.csv && traffic.unrecognised.total > 0)
    note(
      `${plural(traffic.unrecognised.total, 'record')} of no known system ${traffic.unrecognised.total === 1 ? 'is' : 'are'} not counted`,
    );
  if (groups && groups.notKeptApart > 0)
    note(`${plural(groups.notKeptApart, 'decision')} of too many combinations counted under ${OTHER}`);
  if (options.csv && !groups && traffic.evicted.hosts > 0)
    note(
      `${plural(traffic.evicted.hosts, 'quiet host')} with ${plural(traffic.evicted.row.counts.total, 'decision')} without a row`,
    );
  const partial = [...streams, ...(await partialLogs(names, systemsFor(options)))];
  if (options.json || options.csv) for (const log of partial) note(`${log.log}: ${describePartialLog(log)}`);
  const pieces = groups
    ? (await import('../../report/csv.ts')).groupsCsv(groups)
    : format(reportRows(traffic, { partial, machines }));
  for (const piece of pieces) await output.add(piece);
  await output.flush();
  if (isUnreadable) note('not one line could be read');
  return isUnreadable || failures.some(problem => problem.severity === 'error') ? 1 : 0;
}

/** The margin on both sides of a relative time, because reading may begin up to a minute later. */
const MARGIN_MS = 60_000;

async function archiveOf(
  args: readonly string[],
  options: ReportOptions,
  folder: string,
): Promise<OnceSource> {
  if (args.length > 0) throw misuse('--from-archive goes without a SOURCE');
  const { archiveSource } = await import('../../reading/archive/read-archive.ts');
  const { since, until } = timeWindow(options, Date.now());
  return archiveSource(folder, { since: since - MARGIN_MS, until: until + MARGIN_MS });
}

/** The note about malformed lines, for a format that only lists hosts. */
function malformedNote({ malformed, problems }: Traffic): string {
  const first = problems.at(0);
  return `${plural(malformed, 'malformed line')} ${malformed === 1 ? 'is' : 'are'} not counted${first ? `, as ${describeProblem(first)}` : ''}`;
}

async function groupsOf({ csv, by }: ReportOptions): Promise<Groups | null> {
  if (by === undefined) return null;
  if (!csv) throw misuse('--by goes with --csv');
  return (await import('./grouping.ts')).groupsBy(by);
}

/** A format: makes the text of a report in pieces. */
type Format = (report: RankedRows) => Iterable<string>;

/** Loads only the module of the chosen format, because the start dominates the time for a small log. */
async function formatOf({ json, csv, markdown, html }: ReportOptions): Promise<Format> {
  if ([json, csv, markdown, html !== undefined].filter(Boolean).length > 1)
    throw misuse('one of --json, --csv, --markdown, --html');
  if (html === '') throw misuse('--html wants a file, or - for stdout');
  if (json) return (await import('../../report/json.ts')).reportJson;
  if (csv) return (await import('../../report/csv.ts')).reportCsv;
  const whole = markdown
    ? (await import('../../report/markdown.ts')).reportMarkdown
    : (await import('../../report/text.ts')).reportText;
  return found => [whole(found)];
}
