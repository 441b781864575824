import { parseAddress } from '../policy/address.ts';
import { apexOf } from '../apex.ts';
import type { Dialect, Entry, Policy } from '../policy/dialect.ts';
import { toIso } from '../time.ts';
import type { SortedHosts } from './suggest-hosts.ts';
import type { Suggestion, SuggestQuestion } from './suggestion.ts';
import type { HostRow } from '../traffic/host-row.ts';
import type { Traffic } from '../traffic/traffic.ts';

const MINUTE = 60_000;
const UNITS = [
  ['day', 1_440 * MINUTE],
  ['hour', 60 * MINUTE],
] as const;

/** Entries that could be removed, and notes on what could not be determined. */
export interface Removals {
  readonly list: readonly Suggestion[];
  readonly notes: readonly string[];
}

/**
 * Finds entries that another entry makes redundant, and entries without use. It never suggests to remove a denial, because that would
 * loosen the policy.
 */
export function suggestRemovals(traffic: Traffic, hosts: SortedHosts, question: SuggestQuestion): Removals {
  const redundant = redundantEntries(question.policy, question.dialect);
  const covered = redundant.map(({ entry, by }) =>
    removal(entry, { group: 'redundant', rows: [], remark: `covered by ${by.text} (line ${by.line})` }),
  );
  const why = whyUnknown(traffic, question.unusedMs);
  if (why !== null) return { list: covered, notes: [why] };
  const needed = new Set(redundant.flatMap(({ entry, by }) => [entry, by]));
  const idle = question.policy.entries.filter(
    entry => entry.list !== 'deny' && entry.until === null && !needed.has(entry),
  );
  return {
    list: [...covered, ...unusedAmong(idle, traffic, { ...hosts, unusedMs: question.unusedMs })],
    notes: [],
  };
}

function unusedAmong(
  entries: readonly Entry[],
  { from, to }: Traffic,
  { permitted, unusedMs }: Pick<SortedHosts, 'permitted'> & Pick<SuggestQuestion, 'unusedMs'>,
): readonly Suggestion[] {
  const uses = usesOf(permitted);
  return entries.flatMap((entry): Suggestion[] => {
    const rows = uses.get(entry) ?? [];
    // a use without a time may be recent
    const last = rows.reduce((latest, row) => Math.max(latest, row.last ?? Number.POSITIVE_INFINITY), 0);
    if (last >= (to ?? 0) - unusedMs) return [];
    const used = rows.length === 0 ? 'never used' : `not used since ${toIso(last).slice(0, 10)}`;
    const remark = `${used}, in ${lasting((to ?? 0) - (from ?? 0))} of log`;
    return [removal(entry, { group: 'unused', rows, remark })];
  });
}

interface RemovalReason {
  readonly group: 'redundant' | 'unused';
  readonly rows: readonly HostRow[];
  readonly remark: string;
}

const removal = ({ list, text }: Entry, { group, rows, remark }: RemovalReason): Suggestion => ({
  key: `remove ${list} ${text}`,
  group,
  change: { type: 'remove', list, entry: text },
  isChosen: false,
  rows,
  remarks: [remark],
});

/** Why unused entries cannot be determined; null when they can. */
function whyUnknown({ from, to, evicted, totals }: Traffic, unusedMs: number): string | null {
  if (totals.total === 0) return 'no decision was found: unused entries cannot be determined';
  if (from === null || to === null) return 'no decision has a time: unused entries cannot be determined';
  if (to - from < unusedMs)
    return `the log spans ${lasting(to - from)}, too short to find entries unused for ${lasting(unusedMs)}`;
  return evicted.hosts > 0
    ? `${evicted.hosts} quiet hosts were folded: unused entries cannot be determined`
    : null;
}

/** A duration in words: `30 days`, `5.9 hours`, `3 minutes`. */
function lasting(ms: number): string {
  const [unit, size] = UNITS.find(([, size]) => ms >= size) ?? (['minute', MINUTE] as const);
  const count = Math.floor((ms / size) * 10) / 10;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

function usesOf(permitted: SortedHosts['permitted']): ReadonlyMap<Entry, readonly HostRow[]> {
  const uses = new Map<Entry, HostRow[]>();
  for (const { row, ruling } of permitted) {
    if (ruling.entry === null) continue;
    const rows = uses.get(ruling.entry);
    if (rows) rows.push(row);
    else uses.set(ruling.entry, [row]);
  }
  return uses;
}

/** An entry, and another entry of its list that covers everything it covers. */
interface RedundantEntry {
  readonly entry: Entry;
  readonly by: Entry;
}

/**
 * Finds redundant entries among names. Addresses are skipped, because a single address may be listed on purpose. A grant makes nothing
 * redundant, because it ends.
 */
function redundantEntries({ entries }: Policy, dialect: Dialect): readonly RedundantEntry[] {
  const lasting = entries.filter(({ list, until }) => list !== 'deny' && until === null);
  const byApex = Map.groupBy(lasting, ({ text }) => apexOf(text));
  return lasting.flatMap((entry): RedundantEntry[] => {
    const probes = probesOf(entry.text, dialect);
    if (probes.length === 0) return [];
    const by = parents(apexOf(entry.text))
      .flatMap(parent => byApex.get(parent) ?? [])
      .find(
        other =>
          other.list === entry.list &&
          !dialect.sameEntry(other.text, entry.text) &&
          probes.every(probe => dialect.covers(other.text, probe)),
      );
    return by ? [{ entry, by }] : [];
  });
}

/**
 * Sample hosts for everything an entry covers: the name itself, a name one label below, and a name two labels below. Empty for an invalid
 * entry.
 */
function probesOf(text: string, dialect: Dialect): readonly string[] {
  const apex = apexOf(text);
  if (apex === '' || parseAddress(apex) !== null) return [];
  return [apex, `x.${apex}`, `x.y.${apex}`].filter(probe => dialect.covers(text, probe));
}

/** The name, the names above it, and the empty name, which stands for all names. */
function parents(name: string): readonly string[] {
  const labels = name.split('.');
  return [...labels.map((_, index) => labels.slice(index).join('.')), ''];
}
