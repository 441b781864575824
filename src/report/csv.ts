import { VERDICTS } from '../core/event.ts';
import type { Groups } from '../core/traffic/groups.ts';
import { visible } from '../core/visible.ts';
import type { HostReport, ReportRows } from './report.ts';

const HEADER = ['host', 'total', ...VERDICTS, 'bytes', 'first', 'last', 'tools', 'agents', 'reasons'];

/**
 * CSV (RFC 4180) with one row a host. Names are made visible. A name that a spreadsheet would run as a formula gets an apostrophe in front.
 */
export function* reportCsv({ hosts }: ReportRows): Generator<string> {
  yield csvRecord(HEADER);
  for (const host of hosts) yield csvRecord(columnsOf(host));
}

/**
 * CSV with one row for each combination of names, in the order of the chosen fields, with counts by verdict. Cells are as in `reportCsv`.
 */
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

/** One CSV row with CR LF at its end. */
export const csvRecord = (row: readonly (string | number)[]): string => `${row.map(cell).join(',')}\r\n`;

const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name}=${count}`)
    .join('; ');

/** The first characters of a spreadsheet formula, with their full-width forms (OWASP, "CSV injection"). */
const FORMULA = /^[=+\-@＝＋－＠]/;

/** Also quotes a cell with a semicolon, which some programs read as a separator. */
function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = visible(value);
  const inert = text !== '-' && FORMULA.test(text) ? `'${text}` : text;
  return /[",;]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
