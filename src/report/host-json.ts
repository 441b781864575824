import { VERDICTS, type Verdict } from '../core/event.ts';
import type { SummedCounts } from '../core/traffic/counts.ts';
import type { HostRow } from '../core/traffic/host-row.ts';
import type { MachineIndex } from '../core/traffic/machine-index.ts';
import { hostReport, iso } from './report.ts';

/** Line breaks with the blanks before the fields of a host, its names, and the verdicts of a name. */
const FIELD = '\n      ';
const NAME = '\n        ';
const VERDICT = '\n          ';

const byVerdict = (before: string): Readonly<Record<Verdict, string>> =>
  Object.fromEntries(VERDICTS.map(verdict => [verdict, `${before}"${verdict}": `])) as Record<
    Verdict,
    string
  >;
const FIELDS = byVerdict(`,${FIELD}`);
const BY_VERDICT = byVerdict(VERDICT);

/** A name that an object puts before all others, whatever came first: ECMA-262 §6.1.7, an array index. */
const INDEX = /^\d{1,10}$/;

/**
 * A host as `JSON.stringify` writes it in the list of a report, in pieces, but no character is made inert. It is written without an object
 * for each name: a report of 2,000 hosts has 50,000 of them.
 */
export function writeHost(into: string[], row: HostRow, machines: MachineIndex | null): void {
  const [tools, agents, reasons] = [row.byTool.ranked(), row.byAgent.ranked(), row.reasons.ranked()];
  if (machines || hasIndex(tools) || hasIndex(agents) || hasIndex(reasons)) {
    into.push(asObject(row, machines));
    return;
  }
  const { counts } = row;
  into.push(`{${FIELD}"host": `, JSON.stringify(row.name), `,${FIELD}"total": `, String(counts.total));
  for (const verdict of VERDICTS) into.push(FIELDS[verdict], String(counts[verdict]));
  into.push(`,${FIELD}"bytes": `, String(row.bytes));
  into.push(`,${FIELD}"first": `, quotedTime(row.first), `,${FIELD}"last": `, quotedTime(row.last));
  into.push(`,${FIELD}"tools": `);
  writeTotals(into, tools);
  into.push(`,${FIELD}"agents": `);
  writeTotals(into, agents);
  into.push(`,${FIELD}"reasons": `);
  let before = '{';
  for (const reason of reasons) {
    into.push(before, quoted(reason[0]), String(reason[1]));
    before = ',';
  }
  into.push(before === '{' ? '{}' : `${FIELD}}`, `,${FIELD}"byTool": `);
  writeGiven(into, tools);
  into.push(`,${FIELD}"byAgent": `);
  writeGiven(into, agents);
  into.push('\n    }');
}

/** By way of an object, wherever it stands. */
const asObject = (row: HostRow, machines: MachineIndex | null): string =>
  JSON.stringify([[hostReport(row, machines)]], null, 2).slice('[\n  [\n    '.length, -'\n  ]\n]'.length);

type Named<Value> = readonly (readonly [string, Value])[];

const hasIndex = (names: Named<unknown>): boolean => names.some(entry => INDEX.test(entry[0]));

const quotedTime = (at: number | null): string => (at === null ? 'null' : `"${iso(at) ?? ''}"`);

function writeTotals(into: string[], names: Named<SummedCounts>): void {
  let before = '{';
  for (const entry of names) {
    into.push(before, quoted(entry[0]), String(entry[1].total));
    before = ',';
  }
  into.push(before === '{' ? '{}' : `${FIELD}}`);
}

/** Without zeros. */
function writeGiven(into: string[], names: Named<SummedCounts>): void {
  let before = '{';
  for (const entry of names) {
    into.push(before, quoted(entry[0]));
    before = '{';
    for (const verdict of VERDICTS) {
      const count = entry[1][verdict];
      if (count === 0) continue;
      into.push(before, BY_VERDICT[verdict], String(count));
      before = ',';
    }
    into.push(before === '{' ? '{}' : `${NAME}}`);
    before = ',';
  }
  into.push(before === '{' ? '{}' : `${FIELD}}`);
}

/** The same few tools and agents stand in every host. */
const known = new Map<string, string>();
const MAX_KNOWN = 1_024;

function quoted(name: string): string {
  let found = known.get(name);
  if (found === undefined) {
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(name, (found = `${NAME}${JSON.stringify(name)}: `));
  }
  return found;
}
