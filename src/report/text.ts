import { VERDICTS } from '../core/event.ts';
import { visible } from '../core/visible.ts';
import { alignColumns } from './columns.ts';
import { leadingReason, type Report } from './report.ts';

const NUMBER = new Intl.NumberFormat('en-US');

/** The report as a person reads it in a terminal. */
export function reportText(report: Report): string {
  const hosts = report.hosts.map(host => [
    host.host,
    host.total,
    ...VERDICTS.map(verdict => host[verdict]),
    host.bytes,
    host.last ?? '-',
    leadingReason(host),
  ]);
  const parts = [
    summary(report),
    alignColumns(
      ['HOST', 'TOTAL', 'ALLOW', 'DENY', 'WOULD-DENY', 'PENDING', 'ERROR', 'BYTES', 'LAST', 'REASON'],
      hosts,
    ),
    alignColumns(
      ['TOOL', 'TOTAL', 'ALLOW', 'DENY', 'WOULD-DENY', 'PENDING', 'ERROR'],
      report.tools.map(row => [row.tool, row.total, ...VERDICTS.map(verdict => row[verdict])]),
    ),
    alignColumns(
      ['AGENT', 'TOTAL', 'ALLOW', 'DENY', 'WOULD-DENY', 'PENDING', 'ERROR'],
      report.agents.map(row => [row.agent, row.total, ...VERDICTS.map(verdict => row[verdict])]),
    ),
    ...problemsText(report),
  ];
  return `${parts.join('\n\n')}\n`;
}

function summary(report: Report): string {
  const verdicts = VERDICTS.filter(verdict => report.verdicts[verdict] > 0).map(
    verdict => `${NUMBER.format(report.verdicts[verdict])} ${verdict}`,
  );
  const lines = [
    `${NUMBER.format(report.events)} decisions${verdicts.length > 0 ? `: ${verdicts.join(', ')}` : ''}`,
    `${NUMBER.format(report.info)} info records, ${NUMBER.format(report.malformed)} malformed lines, ${NUMBER.format(report.dropped)} dropped`,
  ];
  if (report.from !== null) lines.push(`from ${report.from} to ${report.to ?? report.from}`);
  if (report.evicted)
    lines.push(
      `${NUMBER.format(report.evicted.hosts)} quiet hosts with ${NUMBER.format(report.evicted.total)} decisions are counted in the totals but not listed`,
    );
  return lines.join('\n');
}

function problemsText({ problems, malformed }: Report): string[] {
  if (problems.length === 0) return [];
  const lines = problems
    .slice(0, 20)
    .map(({ source, line, why }) => `  ${visible(`${source}${line === null ? '' : `:${line}`}: ${why}`)}`);
  const more =
    problems.length > 20 ? [`  … and ${NUMBER.format(Math.max(malformed, problems.length) - 20)} more`] : [];
  return [['PROBLEMS', ...lines, ...more].join('\n')];
}
