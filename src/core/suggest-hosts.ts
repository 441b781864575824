import { insideKind, parseAddress } from './address.ts';
import type { Policy, Ruling } from './dialect.ts';
import { LookAlikes } from './look-alike.ts';
import { ownForm } from './roll-up.ts';
import type { SuggestQuestion } from './suggest.ts';
import type { LeftOut } from './suggestion.ts';
import { attemptOf, MISSING, type HostRow } from './traffic-row.ts';

/** A host that no entry permits, and what speaks against permitting it. */
export interface Wanted {
  readonly row: HostRow;
  readonly remarks: readonly string[];
}

/** The hosts seen, by what the policy and the log say of them. */
export interface SortedHosts {
  /** Let through, and never denied. */
  readonly letThrough: readonly Wanted[];
  /** Denied at least once, or never ruled on. */
  readonly denied: readonly Wanted[];
  readonly leftOut: readonly LeftOut[];
  /** What decides each host that the policy permits already. */
  readonly permitted: readonly { readonly row: HostRow; readonly ruling: Ruling }[];
}

/** Labels of letters, digits, hyphens and underscores (RFC 1123, and what is found in the wild), or an address. */
const HOST_NAME =
  /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

/** Asks the policy once per host, under its strictest reading: what has to be listed in a locked workspace. */
export function sortHosts(rows: Iterable<HostRow>, question: SuggestQuestion): SortedHosts {
  const sorted = { letThrough: [] as HostRow[], denied: [] as HostRow[], leftOut: [] as LeftOut[] };
  const permitted: { readonly row: HostRow; readonly ruling: Ruling }[] = [];
  for (const row of rows) {
    if (row.counts.total === 0 || row.name === MISSING) continue;
    const ruling = question.policy.judge(attemptOf(row), { mode: 'strict' });
    const why = isPermitted(ruling) ? null : obstacle(row, ruling, question);
    if (isPermitted(ruling)) permitted.push({ row, ruling });
    else if (why !== null) sorted.leftOut.push({ host: row.name, why });
    else (wasLetThrough(row) ? sorted.letThrough : sorted.denied).push(row);
  }
  const known = knownDomains(
    sorted.letThrough,
    permitted.map(({ row }) => row),
    question,
  );
  const lookAlikes = new LookAlikes(known, question.names);
  const remarked = (row: HostRow): Wanted => ({ row, remarks: remarksOn(row, lookAlikes) });
  return {
    letThrough: sorted.letThrough.map(remarked),
    denied: sorted.denied.map(remarked),
    leftOut: sorted.leftOut,
    permitted,
  };
}

/** By an entry, or by a rule that stands in the file: what a default lets through is not listed. */
const isPermitted = ({ verdict, entry, rule }: Ruling): boolean =>
  verdict === 'allow' &&
  (entry !== null ||
    (rule !== undefined && rule !== null && rule.line !== null && !/default/i.test(rule.name)));

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

/** The domains that agents are known to use: those of entries, and those let through more than once. */
function knownDomains(
  letThrough: readonly HostRow[],
  permitted: readonly HostRow[],
  { policy, names }: SuggestQuestion,
): ReadonlySet<string> {
  const entries = domainsListed(policy);
  const used = [...letThrough.filter(({ counts }) => counts.allow > 1), ...permitted].map(({ name }) => name);
  const domains = [...entries, ...used].map(name => names.registered(name));
  return new Set(domains.filter(domain => domain !== null));
}

const domainsListed = ({ entries }: Policy): readonly string[] =>
  entries
    .filter(({ list }) => list !== 'deny')
    .map(({ text }) =>
      text
        .trim()
        .toLowerCase()
        .replace(/^\*?\./, '')
        .replace(/\.+$/, ''),
    );

function remarksOn({ name, counts, denied }: HostRow, lookAlikes: LookAlikes): readonly string[] {
  const [reason] = denied?.reasons.ranked()[0] ?? [];
  const found = [
    parseAddress(name) === null
      ? lookAlikes.remark(name)
      : 'an address: whoever holds it tomorrow is reached',
    counts.allow === 0 && counts.error > 0 && counts.deny === 0
      ? 'never reached: every attempt failed'
      : null,
    reason === undefined ? null : `denied: ${reason}`,
  ];
  return found.filter(remark => remark !== null);
}
