import { VERDICTS } from '../core/event.ts';
import { visible } from '../core/visible.ts';
import { leadingReason, type Report } from './report.ts';

/** The report as Markdown tables that can be pasted into an issue. Names are made visible and cannot form markup. */
export function reportMarkdown(report: Report): string {
  const hosts = report.hosts.map(host => [
    host.host,
    host.total,
    ...VERDICTS.map(verdict => host[verdict]),
    host.bytes,
    host.last ?? '-',
    leadingReason(host),
  ]);
  const counts = (
    name: string,
    row: { readonly total: number } & Readonly<Record<(typeof VERDICTS)[number], number>>,
  ): (string | number)[] => [name, row.total, ...VERDICTS.map(verdict => row[verdict])];
  return (
    [
      `**${report.events} decisions**, ${report.info} info records, ${report.malformed} malformed lines, ${report.dropped} dropped${report.from === null ? '' : `, ${report.from} to ${report.to}`}`,
      ...(report.evicted
        ? [
            `${report.evicted.hosts} quiet hosts with ${report.evicted.total} decisions are counted in the totals but not listed.`,
          ]
        : []),
      table(
        ['Host', 'Total', 'Allow', 'Deny', 'Would-deny', 'Pending', 'Error', 'Bytes', 'Last', 'Reason'],
        hosts,
      ),
      table(
        ['Tool', 'Total', 'Allow', 'Deny', 'Would-deny', 'Pending', 'Error'],
        report.tools.map(row => counts(row.tool, row)),
      ),
      table(
        ['Agent', 'Total', 'Allow', 'Deny', 'Would-deny', 'Pending', 'Error'],
        report.agents.map(row => counts(row.agent, row)),
      ),
      '',
    ]
      .join('\n\n')
      .trimEnd() + '\n'
  );
}

function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const rule = header.map((_, index) => (index === 0 ? '---' : '--:'));
  return [header, rule, ...rows.map(row => row.map(escape))].map(row => `| ${row.join(' | ')} |`).join('\n');
}

const escape = (value: string | number): string =>
  typeof value === 'number' ? String(value) : visible(value).replace(/[\\|<>`*_[\]()#!~&]/g, '\\$&');
