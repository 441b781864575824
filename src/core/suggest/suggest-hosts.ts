import { parseAddress } from '../policy/address.ts';
import { insideKind } from '../policy/inside.ts';
import { apexOf } from '../apex.ts';
import type { JudgeOptions, Policy, Ruling } from '../policy/dialect.ts';
import { LookAlikes } from './look-alike.ts';
import { ownForm } from './roll-up.ts';
import type { LeftOutHost, SuggestQuestion } from './suggestion.ts';
import { sortedBy } from '../sorted-by.ts';
import { attemptOf } from '../what-if/attempt-of.ts';
import type { HostRow } from '../traffic/host-row.ts';
import { MISSING } from '../traffic/traffic-row.ts';
import { each, type Work } from '../work.ts';

/** The hosts in the traffic, sorted by the verdicts of the policy and of the log. */
export interface SortedHosts {
  /** Hosts that were let through and never denied. */
  readonly letThrough: readonly HostRow[];
  /** Hosts that were denied at least once, or never ruled on. */
  readonly denied: readonly HostRow[];
  readonly leftOut: readonly LeftOutHost[];
  /** Hosts that the policy permits, with the entry that permits each. */
  readonly permitted: readonly PermittedHost[];
  /** Warnings about permitting a host. */
  readonly remarksOn: (row: HostRow) => readonly string[];
}

interface PermittedHost {
  readonly row: HostRow;
  readonly ruling: Ruling;
}

/** Labels of letters, digits, hyphens and underscores (RFC 1123, and names in actual use), or an address. */
const HOST_NAME =
  /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

/** Sorts the hosts. It asks the policy once a host, in the strictest mode, because that mode needs an entry for each host. */
export function* sortHosts(rows: ReadonlyMap<string, HostRow>, question: SuggestQuestion): Work<SortedHosts> {
  const sorted = { letThrough: [] as HostRow[], denied: [] as HostRow[], leftOut: [] as LeftOutHost[] };
  const permitted: PermittedHost[] = [];
  const judging: JudgeOptions = { ...question.judging, mode: 'strict' };
  const sort = (row: HostRow): void => {
    if (row.counts.total === 0 || row.name === MISSING) return;
    const ruling = question.policy.judge(attemptOf(row), judging);
    const why = isPermitted(ruling) ? null : obstacle(row, ruling, question);
    if (isPermitted(ruling)) permitted.push({ row, ruling });
    else if (why !== null) sorted.leftOut.push({ host: row.name, why });
    else (wasLetThrough(row) ? sorted.letThrough : sorted.denied).push(row);
  };
  yield* each(rows.values(), rows.size, sort);
  const known = knownDomains(sorted.letThrough, permitted, question);
  const lookAlikes = new LookAlikes(known, question.names);
  return { ...sorted, permitted, remarksOn: row => remarksOn(row, lookAlikes) };
}

/** Whether an entry permits the host. A default, a mode or an empty list does not count. */
const isPermitted = ({ verdict, entry }: Ruling): boolean => verdict === 'allow' && entry !== null;

const wasLetThrough = ({ counts }: HostRow): boolean =>
  counts.allow + counts.error > 0 && counts.deny + counts['would-deny'] === 0;

/** Why nothing is suggested for a host; null where something may be. */
function obstacle(row: HostRow, { entry }: Ruling, { dialect, names }: SuggestQuestion): string | null {
  const { name, address } = row;
  const risk = names.insideRisk(name);
  if (risk !== null) return risk;
  const inside = address === null ? null : insideKind(address);
  if (inside !== null) return `was dialled at ${address}, an inside address (${inside})`;
  if (parseAddress(name) === null && !HOST_NAME.test(name)) return 'is no host name';
  if (parseAddress(name) === null && !name.includes('.'))
    return 'has no dot: what it means depends on the machine that looks it up';
  if (entry?.list === 'deny') return `the policy denies it by ${entry.text} (line ${entry.line})`;
  return dialect.covers(ownForm(dialect, name), name) ? null : `no entry of ${dialect.name} can name it`;
}

/** The most hosts that count as known. An agent can make up any number of hosts. */
const KNOWN_HOSTS = 2_000;

/** The domains in regular use: those of entries, and those of the busiest hosts that were let through more than once. */
function knownDomains(
  letThrough: readonly HostRow[],
  permitted: readonly PermittedHost[],
  { policy, names }: SuggestQuestion,
): ReadonlySet<string> {
  const often = [...letThrough, ...permitted.map(({ row }) => row)].filter(row => row.counts.allow > 1);
  const used = sortedBy(often, row => -row.counts.allow).slice(0, KNOWN_HOSTS);
  const domains = [...domainsListed(policy), ...used.map(({ name }) => name)].map(name =>
    names.registered(name),
  );
  return new Set(domains.filter(domain => domain !== null));
}

const domainsListed = ({ entries }: Policy): readonly string[] =>
  entries.filter(({ list }) => list !== 'deny').map(({ text }) => apexOf(text));

function remarksOn({ name, counts, denied }: HostRow, lookAlikes: LookAlikes): readonly string[] {
  const [reason] = denied?.reasons.ranked()[0] ?? [];
  const found = [
    parseAddress(name) === null ? lookAlikes.remark(name) : 'an address, not a name',
    counts.allow === 0 && counts.error > 0 && counts.deny === 0 ? 'never reached' : null,
    reason === undefined ? null : `denied: ${reason}`,
  ];
  return found.filter(remark => remark !== null);
}
