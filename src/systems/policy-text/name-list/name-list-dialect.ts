import type {
  Attempt,
  Dialect,
  EditPlan,
  Entry,
  EntryChange,
  ListName,
  NearMiss,
  ParsedPolicy,
  Policy,
  EntryEdit,
  PolicyFormat,
  Ruling,
  Warning,
} from '../../../core/policy/dialect.ts';
import { normaliseHost } from '../../../core/host.ts';
import { listedLines } from '../../../core/policy/listed-line.ts';
import { nearestOf, siblings, type Nearness } from '../../../core/policy/nearness.ts';
import type { Problem } from '../../../core/problem.ts';
import { beforeWriting, breadthRisk, insideRisk, type Remark, unmatchable } from '../entry-risk.ts';
import { grantEnd } from '../grant-comment.ts';
import { listPlan, whyUnchanged } from '../list-plan.ts';
import { NameIndex } from './name-index.ts';
import type { NameRules } from './name-rules.ts';

const EXTENSION = /\.(?:txt|acl|list|lst|domains|dstdomain|squid)$/i;
const DENIED = /(?:^|[-_.])(?:den(?:y|ied)|block(?:ed)?|black|ban(?:ned)?|bad|reject(?:ed)?|forbid(?:den)?)/i;

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The list that a file of names represents. Only the file's name tells it. */
const listOf = (path: string): ListName =>
  DENIED.test(nameOf(path).replace(/list/i, '-list')) ? 'deny' : 'allow';

/** The format of a file that may list names, by its extension (or without one); else null. */
const formatOf = (path: string): PolicyFormat | null =>
  EXTENSION.test(path) || !nameOf(path).includes('.') ? 'lines' : null;

/** Whether a text contains nothing but names. A text without names is judged by the file's name. */
export function listsNames(text: string, path: string, isName: (entry: string) => boolean): boolean {
  if (formatOf(path) === null) return false;
  const lines = listedLines(text);
  return lines.length === 0
    ? EXTENSION.test(path) && !/\.txt$/i.test(path)
    : lines.every(line => isName(line.text.replace(/^\uFEFF|#.*$/gs, '')) || line.text.startsWith('\uFEFF#'));
}

/** The dialect of files with one name a line and comments behind `#`. Such a file is an allow list or, by its name, a deny list. */
export function nameListDialect(rules: NameRules): Dialect {
  const sameEntry = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
  const covers = (entry: string, host: string): boolean => rules.covers(entry, normaliseHost(host) ?? '');
  const linesOf = (text: string, path: string): readonly NamedLine[] =>
    listedLines(text).map(({ text: written, line, column, start, end }) => ({
      names: rules.entriesIn(written),
      entry: { list: listOf(path), text: written, line, column, until: grantEnd(text.slice(0, end), start) },
    }));

  return {
    name: rules.system,
    lists: ['allow', 'deny'],
    format: formatOf,
    claims: rules.claims,
    showsEnds: () => true,
    modes: [],
    matchers: [],
    parse: (text, path): ParsedPolicy => {
      if (formatOf(path) === null) return { type: 'invalid', problems: [unsupported(rules, path)] };
      const entries = linesOf(text, path).flatMap(entriesOn);
      const problems = [...lintEach(entries, path, rules), ...rules.lintAmong(entries, path)];
      return { type: 'valid', policy: namePolicy(entries, listOf(path), rules), problems };
    },
    expand: ({ entries }, edit) => [...edit, ...entailed(entries, edit, rules)],
    plan: (text, path, edit) => planned(linesOf(text, path), { path, edit, rules, sameEntry }),
    sameEntry,
    covers,
    isOwnDenial: (system, reason) => system === rules.system && rules.isOwnDenial(reason),
    forms: rules.forms,
    template: (name, path) => (name === 'empty' && formatOf(path) !== null ? '# one name a line\n' : null),
    warn: (policy, edit) => warnings(policy, edit, rules),
  };
}

/** A line of the file as an entry, and the names that the system reads from it (usually one). */
interface NamedLine {
  readonly entry: Entry;
  readonly names: readonly string[];
}

const entriesOn = ({ entry, names }: NamedLine): readonly Entry[] => names.map(text => ({ ...entry, text }));

const unsupported = ({ system }: NameRules, path: string): Problem => ({
  source: path,
  line: null,
  column: null,
  severity: 'error',
  why: `${path} is not called a list of names, as ${system} reads one`,
  remedy: 'name a file that ends in .txt, .acl or .list, or has no extension',
});

/** The policy of a single list, where unlisted hosts get the opposite verdict. */
function namePolicy(entries: readonly Entry[], list: ListName, rules: NameRules): Policy {
  const index = new NameIndex(entries, rules);
  const judge = ({ host }: Attempt): Ruling => {
    const name = normaliseHost(host ?? '') ?? '';
    const entry = index.find(name);
    const isAllowed = (entry !== null) === (list === 'allow');
    const unsure = entry === null ? rules.unsure(name) : null;
    if (entry === null && unsure !== null)
      return { ...RULED, verdict: 'deny', entry, reason: NOT_SURE, notes: [unsure] };
    return { ...RULED, verdict: isAllowed ? 'allow' : 'deny', entry, reason: reasonOf(entry, list) };
  };
  return {
    entries,
    judge,
    nearest: ({ host }) =>
      list === 'deny' ? null : nearest(entries, normaliseHost(host ?? '') ?? '', rules),
  };
}

const RULED = { interception: null } as const;
const NOT_SURE = 'not listed by itself';

const reasonOf = (entry: Entry | null, list: ListName): string =>
  entry ? `${list === 'allow' ? 'allowed' : 'denied'} by ${entry.text}` : `not in the ${list} list`;

function nearest(entries: readonly Entry[], host: string, rules: NameRules): NearMiss | null {
  return nearestOf(
    entries.map(entry => ({ entry })),
    ({ entry }) => nearness(entry.text, host, rules),
  );
}

function nearness(entry: string, host: string, rules: NameRules): Nearness | null {
  const never = rules.neverMatches(entry);
  const { instead = null, why = '' } = never ?? {};
  if (never)
    return instead !== null && rules.covers(instead, host)
      ? { rank: 100, why: `${entry} never matches: ${why}; ${instead} would` }
      : null;
  const base = rules.baseOf(entry);
  if (host === base) return { rank: 95, why: `${entry} names what is below ${base}, not ${base} itself` };
  if (host.endsWith(`.${base}`)) return { rank: 90, why: `${entry} is exact; ${host} is a subdomain` };
  if (base.endsWith(`.${host}`)) return { rank: 70, why: `${entry} is below ${host}, and does not cover it` };
  if (host.endsWith(base)) return { rank: 60, why: `${host} ends like ${base}, but not at a dot` };
  return siblings(entry, base, host);
}

/** The edit with the removal of entries that the product would not accept beside the new one. */
function entailed(entries: readonly Entry[], edit: EntryEdit, rules: NameRules): EntryEdit {
  if (!rules.refusesOverlap) return [];
  const added = edit.filter(({ type }) => type === 'add');
  const isSaid = ({ list, text }: Entry): boolean =>
    edit.some(wish => wish.list === list && wish.entry.toLowerCase() === text.toLowerCase());
  const expelled = entries.filter(
    entry =>
      !isSaid(entry) &&
      added.some(wish => wish.list === entry.list && rules.contains(wish.entry, entry.text)),
  );
  const names = [...new Map(expelled.map(({ list, text }) => [text.toLowerCase(), { list, text }])).values()];
  return names.map(({ list, text }) => ({ type: 'remove', list, entry: text }));
}

interface Wished {
  readonly path: string;
  readonly edit: EntryEdit;
  readonly rules: NameRules;
  readonly sameEntry: (one: string, other: string) => boolean;
}

function planned(lines: readonly NamedLine[], { path, edit, rules, sameEntry }: Wished): EditPlan {
  const list = listOf(path);
  const shared = lines.find(({ names }) => names.length > 1 && names.some(name => isRemoved(name, edit)));
  if (shared) {
    const { line } = shared.entry;
    return { type: 'refused', why: `line ${line} holds ${shared.names.length} names; edit it by hand` };
  }
  const refusal = edit.map(wish => refusalOf(wish, list, path)).find(why => why !== null);
  if (refusal) return { type: 'refused', why: refusal };
  const covered = coveredIn(lines.flatMap(entriesOn), edit, rules);
  if (covered.length > 0)
    return { type: covered.length === edit.length ? 'unchanged' : 'refused', why: covered.join('; ') };
  const entries = lines.map(({ entry, names: [name = '', ...others] }) =>
    others.length === 0 ? { ...entry, text: name } : entry,
  );
  const changes = edit
    .filter(wish => wish.list === list)
    .flatMap(wish => listPlan({ path: [], entries }, wish, sameEntry));
  return changes.length > 0
    ? { type: 'planned', changes }
    : { type: 'unchanged', why: whyUnchanged(edit, ({ list: named }) => `the ${named} list`) };
}

const isRemoved = (name: string, edit: EntryEdit): boolean =>
  edit.some(({ type, entry }) => type === 'remove' && entry.toLowerCase() === name.toLowerCase());

/** A text for each wished entry that another entry makes redundant. */
function coveredIn(entries: readonly Entry[], edit: EntryEdit, rules: NameRules): readonly string[] {
  const removed = new Set(
    edit.filter(({ type }) => type === 'remove').map(({ entry }) => entry.toLowerCase()),
  );
  const staying = entries.filter(({ text }) => !removed.has(text.toLowerCase()));
  const added = edit.filter(({ type }) => type === 'add').map(({ entry }) => entry);
  const wide = [
    ...staying.map(({ text, line }) => ({ text, place: ` (line ${line})` })),
    ...added.map(text => ({ text, place: '' })),
  ];
  return added.flatMap(entry => {
    const over = wide.find(({ text }) => rules.contains(text, entry));
    return over ? [`${entry} is already covered by ${over.text}${over.place}`] : [];
  });
}

function refusalOf({ type, list, entry }: EntryChange, own: ListName, path: string): string | null {
  if (type === 'remove') return null;
  if (list === 'passthrough') return 'a list of names has no passthrough';
  if (list !== own)
    return `${nameOf(path)} lists what is ${own === 'deny' ? 'denied' : 'allowed'}, by its name; remove an entry instead`;
  return /[#\s]/.test(entry) || entry === '' ? 'an entry is one name without blanks and without #' : null;
}

function lintEach(entries: readonly Entry[], source: string, rules: NameRules): readonly Problem[] {
  const seen = new Map<string, Entry>();
  return entries.flatMap(entry => {
    const { text, line, column } = entry;
    const twin = seen.get(text.toLowerCase());
    seen.set(text.toLowerCase(), twin ?? entry);
    const found = twin ? [listedTwice(twin)] : remarks(entry, rules);
    return found.map(({ why, remedy }) => ({
      source,
      line,
      column,
      severity: 'warning' as const,
      why: `${text}: ${why}`,
      remedy,
    }));
  });
}

const listedTwice = ({ line }: Entry): Remark => ({
  severity: 'warning',
  why: `listed twice (line ${line})`,
  remedy: 'remove one',
});

function remarks({ text, list }: Pick<Entry, 'text' | 'list'>, rules: NameRules): readonly Remark[] {
  const never = rules.neverMatches(text);
  if (never) return [unmatchable(never)];
  if (list === 'deny') return [];
  const base = rules.baseOf(text);
  const risk = insideRisk(base) ?? (rules.isWide(text) ? breadthRisk(base) : null);
  return risk ? [risk] : [];
}

function warnings(_: Policy, edit: EntryEdit, rules: NameRules): readonly Warning[] {
  return edit.flatMap(({ type, list, entry }) =>
    type === 'add' ? remarks({ list, text: entry }, rules).map(remark => beforeWriting(entry, remark)) : [],
  );
}
