import { apexOf } from '../apex.ts';
import type { ListName } from '../policy/dialect.ts';
import { barredBelow } from './barred-below.ts';
import { rememberedNames } from './domain-names.ts';
import { rollUp, ownForm } from './roll-up.ts';
import { sortHosts, type SortedHosts } from './suggest-hosts.ts';
import { suggestRemovals } from './suggest-removals.ts';
import type { LeftOutHost, Suggestion, Suggestions, SuggestQuestion } from './suggestion.ts';
import { attemptOf } from '../what-if/attempt-of.ts';
import type { HostRow } from '../traffic/host-row.ts';
import { sortedBy } from '../sorted-by.ts';
import type { Traffic } from '../traffic/traffic.ts';
import { each, stage, type Work } from '../work.ts';

/** The defaults of the flags: `--min-hosts 3 --unused 30d`. */
export const SUGGEST_DEFAULTS = { judging: {}, minHosts: 3, unusedMs: 30 * 86_400_000 } as const;

/** The most denied hosts, and the most left-out hosts, that are listed. Further ones are counted: an agent can make up any number. */
const LISTED = 1_000;

/**
 * The suggestions for a policy from the traffic: entries to add, and entries to remove. Initially only hosts without a denial and without a
 * warning are ticked. Events that arrive meanwhile may or may not be counted.
 */
export function* suggest(traffic: Traffic, asked: SuggestQuestion): Work<Suggestions> {
  const question = { ...asked, names: rememberedNames(asked.names) };
  const sorted = yield* stage(sortHosts(traffic.hosts, question), 0, 0.4);
  const permitted = yield* stage(permitting(sorted, question), 0.4, 0.9);
  const passed = yield* stage(passing(traffic, question), 0.9, 1);
  const removals = suggestRemovals(traffic, sorted, question);
  const denied = byDenials(sorted.denied);
  return {
    list: [
      ...permitted,
      ...passed,
      ...denied.slice(0, LISTED).map(row => alone(row, 'denied', { ...sorted, ...question })),
      ...removals.list,
    ],
    leftOut: sorted.leftOut.slice(0, LISTED),
    notes: [...notesOn(traffic, denied.length, sorted.leftOut), ...removals.notes],
  };
}

/** Entries for hosts that were let through. They are rolled up, but a host with a warning gets its own entry. */
function* permitting(sorted: SortedHosts, question: SuggestQuestion): Work<readonly Suggestion[]> {
  const { letThrough, remarksOn } = sorted;
  const { dialect, names, minHosts } = question;
  const [rows, suspects]: [HostRow[], HostRow[]] = [[], []];
  const judge = (row: HostRow): void => void (remarksOn(row).length === 0 ? rows : suspects).push(row);
  yield* stage(each(letThrough, letThrough.length, judge), 0, 0.3);
  const leftOut = sorted.leftOut.map(({ host }) => ({ name: host }));
  const barred = [...suspects, ...sorted.denied, ...leftOut];
  const rolled = yield* stage(rollUp({ rows, barred, dialect, names, minHosts }), 0.3, 0.9);
  const below = yield* stage(barredBelow(barred, dialect), 0.9, 1);
  const entries = rolled.map(({ entry, rows }) => {
    const other = below.get(apexOf(entry));
    const remarks = other === undefined ? [] : [`also covers ${other}: look at that host first`];
    return addition({ group: 'allow', list: 'allow', entry, rows: busiestFirst(rows), remarks });
  });
  return [
    ...byTotal(entries),
    ...byTotal(suspects.map(row => alone(row, 'allow', { ...sorted, ...question }))),
  ];
}

const alone = (
  row: HostRow,
  group: 'allow' | 'denied',
  { remarksOn, dialect }: Pick<SortedHosts, 'remarksOn'> & Pick<SuggestQuestion, 'dialect'>,
): Suggestion =>
  addition({ group, list: 'allow', entry: ownForm(dialect, row.name), rows: [row], remarks: remarksOn(row) });

/** Hosts whose clients refused the mediator's certificate, if the policy has a list for such hosts. */
function* passing(
  { hosts }: Traffic,
  { policy, dialect, judging, names }: SuggestQuestion,
): Work<readonly Suggestion[]> {
  if (!dialect.lists.includes('passthrough')) return [];
  const found: Suggestion[] = [];
  const look = (row: HostRow): void => {
    if (row.refusedCertificate === null || names.insideRisk(row.name) !== null) return;
    const ruling = policy.judge(attemptOf(row), { ...judging, mode: 'strict' });
    if (ruling.interception === 'passthrough' || ruling.entry?.list === 'deny') return;
    const ranked = row.refusedCertificate.ranked();
    const count = ranked.reduce((sum, [, times]) => sum + times, 0);
    found.push(
      addition({
        group: 'passthrough',
        list: 'passthrough',
        entry: ownForm(dialect, row.name),
        rows: [row],
        remarks: [`certificate refused ×${count}: ${ranked[0]?.[0] ?? ''}`],
      }),
    );
  };
  yield* each(hosts.values(), hosts.size, look);
  return byTotal(found);
}

interface WishedAddition extends Pick<Suggestion, 'group' | 'rows' | 'remarks'> {
  readonly list: ListName;
  readonly entry: string;
}

const addition = ({ group, list, entry, rows, remarks }: WishedAddition): Suggestion => ({
  key: `add ${list} ${entry}`,
  group,
  change: { type: 'add', list, entry },
  isChosen: group === 'allow' && remarks.length === 0,
  rows,
  remarks,
});

const totalOf = ({ rows }: Suggestion): number => rows.reduce((sum, { counts }) => sum + counts.total, 0);
const byTotal = (suggestions: readonly Suggestion[]): readonly Suggestion[] =>
  sortedBy(suggestions, found => -totalOf(found));
const busiestFirst = (rows: readonly HostRow[]): readonly HostRow[] =>
  sortedBy(rows, ({ counts }) => -counts.total);
/** Hosts that were also let through come first, because somebody may have permitted them on purpose. Then come the most denied. */
const byDenials = (rows: readonly HostRow[]): readonly HostRow[] =>
  sortedBy(
    sortedBy(rows, row => -row.counts.deny),
    row => -Number(row.counts.allow > 0),
  );

function notesOn({ evicted }: Traffic, denied: number, leftOut: readonly LeftOutHost[]): readonly string[] {
  const notes = [
    denied > LISTED ? `${denied - LISTED} more denied hosts are not listed` : null,
    leftOut.length > LISTED
      ? `${leftOut.length - LISTED} more hosts without a suggestion are not listed`
      : null,
    evicted.hosts > 0 ? `${evicted.hosts} quiet hosts were folded: nothing is suggested for them` : null,
  ];
  return notes.filter(note => note !== null);
}
