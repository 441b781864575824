import type { Entry, EntryChange, Policy, EntryEdit, Warning } from '../../../core/policy/dialect.ts';
import type { Problem } from '../../../core/problem.ts';
import {
  beforeWriting,
  breadthRisk,
  insideRisk,
  misfit,
  type Remark,
  unmatchable,
  warning,
} from '../../policy-text/entry-risk.ts';
import { domainMatches } from './domain-rules.ts';
import { neverCounts, neverMatchesUrl } from './never-matches.ts';
import type { FoundConfig, FoundSwitch } from './read-config.ts';

type Listed = Pick<Entry, 'list' | 'text' | 'line'>;

/** The warnings about a configuration: those of its entries, and those about settings that hide zeph's records. */
export function lintConfig({ lists, switches }: FoundConfig, path: string): readonly Problem[] {
  const entries = lists.flatMap(list => list.entries);
  const names = new NameIndex(entries);
  const seen = new Set<string>();
  const ofEntries = entries.flatMap(entry => {
    const isTwin = seen.has(keyOf(entry));
    seen.add(keyOf(entry));
    const found = isTwin ? [listedTwice(names.first(entry))] : [...remarks(entry), ...among(entry, names)];
    return found.map(remark => problem(path, entry, { ...remark, why: `${entry.text}: ${remark.why}` }));
  });
  const unwritten = lists.every(({ line }) => line === null) ? [nothingListed(path)] : [];
  const blind = switches.flatMap(found => blindness(found).map(remark => problem(path, found, remark)));
  return [...unwritten, ...ofEntries, ...blind];
}

const problem = (
  source: string,
  { line, column }: { readonly line: number; readonly column: number },
  { why, remedy }: Remark,
): Problem => ({ source, line, column, severity: 'warning', why, remedy });

/** The remark on a file without lists, which is probably another program's or another of zeph's. */
const nothingListed = (source: string): Problem => ({
  source,
  line: null,
  column: null,
  severity: 'warning',
  why: 'neither allowed_domains nor denied_domains is written under [tools.scrape]: every public host is let through',
  remedy: 'see that this is the configuration zeph runs with',
});

/** Remarks on settings that hide records from the operator. */
function blindness({ path, value }: FoundSwitch): readonly Remark[] {
  if (path === 'tools.egress.enabled' && value === false)
    return [warning('no request is logged: egresstop sees nothing of zeph', 'set it to true')];
  if (path === 'tools.egress.log_blocked' && value === false)
    return [warning('denials are not logged: a refused host looks as if nobody had asked', 'set it to true')];
  if (path === 'tools.audit.enabled' && value === false)
    return [warning('there is no audit log: egresstop sees nothing of zeph', 'set it to true')];
  return path === 'tools.audit.destination' && value === 'stdout'
    ? [
        warning(
          'on stdout the audit lines are wrapped in tracing text and cannot be read',
          'set tools.audit.destination to a path',
        ),
      ]
    : [];
}

/** The warnings before these entries are written. */
export function warnOf(policy: Policy, edit: EntryEdit): readonly Warning[] {
  const [removals, additions] = [edit.filter(isRemoval), edit.filter(change => !isRemoval(change))];
  const removed = new Set(removals.map(({ list, entry }) => keyOf({ list, text: entry })));
  const opened = new Set(
    additions.filter(({ list }) => list === 'allow').map(({ entry }) => keyOf({ list: 'deny', text: entry })),
  );
  const staying = policy.entries.filter(entry => !removed.has(keyOf(entry)) && !opened.has(keyOf(entry)));
  const names = new NameIndex(staying);
  const ofEntries = additions.flatMap(({ list, entry }) => {
    const listed = { list, text: entry, line: 0 };
    return [...remarks(listed), ...among(listed, names)].map(remark => beforeWriting(entry, remark));
  });
  return [...ofEntries, ...turnOfTheList(policy, staying, edit)];
}

const isRemoval = ({ type }: EntryChange): boolean => type === 'remove';

/** Warnings about the first allowed entry, which denies all other hosts, and about removing the last one, which allows all hosts. */
function turnOfTheList({ entries }: Policy, staying: readonly Entry[], edit: EntryEdit): readonly Warning[] {
  const first = edit.find(({ type, list }) => type === 'add' && list === 'allow');
  const hadAllowed = entries.some(isAllowed);
  if (!hadAllowed && first) {
    const isDenied = entries.some(({ text }) => text === first.entry);
    return [{ severity: 'warning', entry: first.entry, why: isDenied ? `${FIRST}; ${LIFT}` : FIRST }];
  }
  const last = edit.findLast(({ type, list }) => type === 'remove' && list === 'allow');
  return hadAllowed && !first && last && !staying.some(isAllowed)
    ? [{ severity: 'warning', entry: last.entry, why: LAST }]
    : [];
}

const isAllowed = ({ list }: Entry): boolean => list === 'allow';

const FIRST = 'is the first entry of allowed_domains: EVERY OTHER HOST IS REFUSED from then on';
const LIFT = 'to lift its denial alone, remove it from denied_domains';
const LAST = 'is the last entry of allowed_domains: without it EVERY HOST that is not denied is let through';

/** Remarks on one entry alone. */
function remarks({ list, text }: Listed): readonly Remark[] {
  const never = neverMatchesUrl(text);
  if (never) return [unmatchable(never)];
  const idle = neverCounts(list === 'deny' ? 'deny' : 'allow', text);
  if (idle !== null) return [warning(`has no effect: ${idle}`, 'remove it')];
  const base = text.replace(/^\*\./, '');
  const dotted = text.endsWith('.')
    ? [misfit('names only URLs that write the trailing dot', text.replace(/\.+$/, ''))]
    : [];
  return list === 'allow' ? [...dotted, ...openings(text, base)] : dotted;
}

function openings(text: string, base: string): readonly Remark[] {
  if (insideRisk(base))
    return [
      warning('looks like an inside name: zeph refuses every name with a private address', 'remove it'),
    ];
  const breadth = text.startsWith('*.') ? breadthRisk(base) : null;
  return breadth ? [breadth] : [];
}

/** Remarks on an entry in relation to the others. */
function among(entry: Listed, names: NameIndex): readonly Remark[] {
  const wider = names.over(entry.list, entry.text);
  const denial = entry.list === 'allow' ? names.covering('deny', entry.text) : null;
  return [
    ...(wider ? [warning(`already covered by ${wider.text}${placeOf(wider)}`, 'remove it')] : []),
    ...(denial
      ? [
          warning(
            `has no effect: ${denial.text} in denied_domains${placeOf(denial)} covers it, and a denial wins`,
            `remove it, or take ${denial.text} out of denied_domains`,
          ),
        ]
      : []),
  ];
}

const listedTwice = (twin: Listed | null): Remark =>
  warning(`listed twice${twin ? placeOf(twin) : ''}`, 'remove one');

const placeOf = ({ line }: Listed): string => (line > 0 ? ` (line ${line})` : '');
const keyOf = ({ list, text }: Pick<Entry, 'list' | 'text'>): string => `${list} ${text}`;

/** The entries by list and text. */
class NameIndex {
  readonly #byKey = new Map<string, Entry>();

  constructor(entries: readonly Entry[]) {
    for (const entry of entries) if (!this.#byKey.has(keyOf(entry))) this.#byKey.set(keyOf(entry), entry);
  }

  first(entry: Listed): Entry | null {
    return this.#byKey.get(keyOf(entry)) ?? null;
  }

  /** The wildcard that covers this entry and is another entry; null without one. */
  over(list: Entry['list'], text: string): Entry | null {
    const dot = text.indexOf('.');
    const found = dot === -1 ? undefined : this.#byKey.get(keyOf({ list, text: `*${text.slice(dot)}` }));
    return found && found.text !== text && domainMatches(found.text, text) ? found : null;
  }

  /** The entry that covers this one: an equal one or a wildcard; null without one. */
  covering(list: Entry['list'], text: string): Entry | null {
    return this.#byKey.get(keyOf({ list, text })) ?? this.over(list, text);
  }
}
