import { describePartialLog } from '../core/completeness.ts';
import { VERDICTS } from '../core/event.ts';
import { describeFault } from '../core/problem.ts';
import { redactUrlsIn } from '../core/url.ts';
import { visible } from '../core/visible.ts';
import { alignColumns } from './columns.ts';
import { grouped, plural } from '../core/grouped.ts';
import { cutMiddle } from './cut-middle.ts';
import { evictedText, unrecognisedLines, type ReportRows } from './report.ts';
import { reportTables } from './rows.ts';

/** The greatest width of a name or reason. Wider ones are cut, to keep the other columns on the screen; JSON and CSV have them in full. */
const WIDEST = 64;

/** The report as a text for a terminal. */
export function reportText(report: ReportRows): string {
  const tables = reportTables(report).map(({ header, rows }) =>
    alignColumns(
      header.map(name => name.toUpperCase()),
      rows.map(row => row.map(cell => (typeof cell === 'string' ? cutMiddle(cell, WIDEST) : cell))),
    ),
  );
  return `${[summary(report), ...tables, ...unrecognisedSection(report), ...problemsText(report)].join('\n\n')}\n`;
}

function summary(report: ReportRows): string {
  const verdicts = VERDICTS.filter(verdict => report.verdicts[verdict] > 0).map(
    verdict => `${grouped(report.verdicts[verdict])} ${verdict}`,
  );
  const lines = [
    `${plural(report.events, 'decision')}${verdicts.length > 0 ? `: ${verdicts.join(', ')}` : ''}`,
    `${plural(report.info, 'info record')}, ${plural(report.malformed, 'malformed line')}, ${unrecognisedText(report)}${grouped(report.dropped)} dropped`,
  ];
  if (report.from !== null) lines.push(`from ${report.from} to ${report.to ?? report.from}`);
  if (report.evicted) lines.push(evictedText(report.evicted));
  for (const log of report.partial ?? []) lines.push(visible(`${log.log}: ${describePartialLog(log)}`));
  return lines.join('\n');
}

const unrecognisedText = ({ unrecognised }: ReportRows): string =>
  unrecognised > 0 ? `${plural(unrecognised, 'unrecognised record')}, ` : '';

function unrecognisedSection(report: ReportRows): string[] {
  const lines = unrecognisedLines(report);
  if (lines.length === 0) return [];
  const more = lines.length > 20 ? [`  … and ${grouped(lines.length - 20)} more names`] : [];
  return [['UNRECOGNISED', ...lines.slice(0, 20).map(line => `  ${visible(line)}`), ...more].join('\n')];
}

function problemsText({ problems, malformed }: ReportRows): string[] {
  if (problems.length === 0) return [];
  const lines = problems.slice(0, 20).map(problem => `  ${visible(redactUrlsIn(describeFault(problem)))}`);
  const more =
    problems.length > 20 ? [`  … and ${grouped(Math.max(malformed, problems.length) - 20)} more`] : [];
  return [['PROBLEMS', ...lines, ...more].join('\n')];
}
