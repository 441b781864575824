import { VERDICTS } from '../core/event.ts';
import type { Groups } from '../core/traffic/groups.ts';
import { visible } from '../core/visible.ts';
import type { HostReport, ReportRows } from './report.ts';

const HEADER = ['host', 'total', ...VERDICTS, 'bytes', 'first', 'last', 'tools', 'agents', 'reasons'];

/** One row a host, RFC 4180. Names are made visible, and one that a spreadsheet would run as a formula is quoted with an apostrophe. */
export function* reportCsv({ hosts }: ReportRows): Generator<string> {
  yield csvRecord(HEADER);
  for (const host of hosts) yield csvRecord(columnsOf(host));
}

/** One row for each combination of names, in the order of the chosen fields, with its verdicts. Cells are as in `reportCsv`. */
export function* groupsCsv(groups: Groups): Generator<string> {
  yield csvRecord([...groups.fields, 'total', ...VERDICTS]);
  for (const { names, counts } of groups.ranked())
    yield csvRecord([...names, counts.total, ...VERDICTS.map(verdict => counts[verdict])]);
}

const columnsOf = (host: HostReport): readonly (string | number)[] => [
  host.host,
  host.total,
  ...VERDICTS.map(verdict => host[verdict]),
  host.bytes,
  host.first ?? '',
  host.last ?? '',
  listed(host.tools),
  listed(host.agents),
  listed(host.reasons),
];

/** One row, ended by CR LF. */
export const csvRecord = (row: readonly (string | number)[]): string => `${row.map(cell).join(',')}\r\n`;

const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name}=${count}`)
    .join('; ');

/** OWASP, "CSV injection": a cell must not begin with one of these, nor with their full-width forms. */
const FORMULA = /^[=+\-@＝＋－＠]/;

/** Quoted also for the sake of readers that take a semicolon for the end of a cell. */
function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = visible(value);
  const inert = text !== '-' && FORMULA.test(text) ? `'${text}` : text;
  return /[",;]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
