import { describePartialLog } from '../core/completeness.ts';
import { visible } from '../core/visible.ts';
import { plural } from '../core/grouped.ts';
import { evictedText, type ReportRows } from './report.ts';
import { reportTables } from './rows.ts';

/** The report as Markdown tables, for pasting into an issue. Names are made visible and cannot form markup. */
export function reportMarkdown(report: ReportRows): string {
  const span = report.from === null ? '' : `, ${report.from} to ${report.to}`;
  const summary = `**${plural(report.events, 'decision')}**, ${plural(report.info, 'info record')}, ${plural(report.malformed, 'malformed line')}, ${report.unrecognised > 0 ? `${plural(report.unrecognised, 'unrecognised record')}, ` : ''}${report.dropped} dropped${span}`;
  const tables = reportTables(report).map(({ header, rows }) =>
    markdownTable(
      header.map(name => name.charAt(0).toUpperCase() + name.slice(1)),
      rows,
    ),
  );
  const missing = [
    ...(report.partial ?? []).map(
      log => `${markdownText(log.log)}: ${markdownText(describePartialLog(log))}.`,
    ),
    ...(report.evicted ? [`${evictedText(report.evicted)}.`] : []),
  ];
  return `${[summary, ...missing, ...tables].join('\n\n')}\n`;
}

/** A Markdown table. Its texts cannot form markup. */
export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const rule = header.map((_, index) => (index === 0 ? '---' : '--:'));
  return [header, rule, ...rows.map(row => row.map(markdownText))]
    .map(row => `| ${row.join(' | ')} |`)
    .join('\n');
}

/** A value escaped for Markdown. */
export const markdownText = (value: string | number): string =>
  typeof value === 'number' ? String(value) : visible(value).replace(/[\\|<>`*_[\]()#!~&]/g, '\\$&');
