import { describePartialLog } from '../core/completeness.ts';
import { visible } from '../core/visible.ts';
import { plural } from '../core/grouped.ts';
import { evictedText, type ReportRows } from './report.ts';
import { reportTables } from './rows.ts';

/** The report as Markdown tables that can be pasted into an issue. Names are made visible and cannot form markup. */
export function reportMarkdown(report: ReportRows): string {
  const span = report.from === null ? '' : `, ${report.from} to ${report.to}`;
  const summary = `**${plural(report.events, 'decision')}**, ${plural(report.info, 'info record')}, ${plural(report.malformed, 'malformed line')}, ${report.unrecognised > 0 ? `${plural(report.unrecognised, 'unrecognised record')}, ` : ''}${report.dropped} dropped${span}`;
  const tables = reportTables(report).map(({ header, rows }) =>
    table(
      header.map(name => name.charAt(0).toUpperCase() + name.slice(1)),
      rows,
    ),
  );
  const missing = [
    ...(report.partial ?? []).map(log => `${escape(log.log)}: ${escape(describePartialLog(log))}.`),
    ...(report.evicted ? [`${evictedText(report.evicted)}.`] : []),
  ];
  return `${[summary, ...missing, ...tables].join('\n\n')}\n`;
}

function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const rule = header.map((_, index) => (index === 0 ? '---' : '--:'));
  return [header, rule, ...rows.map(row => row.map(escape))].map(row => `| ${row.join(' | ')} |`).join('\n');
}

const escape = (value: string | number): string =>
  typeof value === 'number' ? String(value) : visible(value).replace(/[\\|<>`*_[\]()#!~&]/g, '\\$&');
