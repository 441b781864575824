import type {
  Dialect,
  EditPlan,
  EntryChange,
  EntryEdit,
  EntryForm,
  ParsedPolicy,
  Policy,
  PolicyFormat,
} from '../../../core/policy/dialect.ts';
import { normaliseEntry } from '../../../core/policy/entry-index.ts';
import { entryCovers, listPolicy } from '../../../core/policy/list-policy.ts';
import { isError, type Problem } from '../../../core/problem.ts';
import { listPlan, whyUnchanged } from '../../policy-text/list-plan.ts';
import { lintPolicy, warnOf } from './lint.ts';
import type { FoundList, FoundPolicy } from './policy-lists.ts';
import { readJson } from './read-json.ts';
import { readYaml } from './read-yaml.ts';
import { ownedParents } from '../../policy-text/suffix-list.ts';

/** The entries to offer for a host, narrowest first: the host, `.host`, then `.parent` for each level up to its registrable domain. */
function formsOf(host: string): readonly EntryForm[] {
  const name = normaliseEntry(host);
  return [{ entry: name, label: 'this host alone' }, ...ownedParents(name).map(everythingUnder)];
}

const everythingUnder = (name: string): EntryForm => ({
  entry: `.${name}`,
  label: `${name} and everything below it`,
});

const LISTS = ['allow', 'passthrough'] as const;
const EXTENSIONS: Readonly<Record<string, PolicyFormat>> = {
  '.yaml': 'yaml',
  '.yml': 'yaml',
  '.json': 'json',
};

const formatOf = (path: string): PolicyFormat | null =>
  EXTENSIONS[/\.[^./]*$/.exec(path)?.[0].toLowerCase() ?? ''] ?? null;

function find(text: string, path: string): FoundPolicy {
  const format = formatOf(path);
  if (format === null) return { lists: [], problems: [unsupported(path)] };
  return (format === 'yaml' ? readYaml : readJson)(text, path);
}

function unsupported(path: string): Problem {
  const extension = /\.[^./]*$/.exec(path)?.[0] ?? '';
  const why = `egress policy file ${path}: unsupported extension "${extension}" (use .yaml, .yml, or .json)`;
  return { source: path, line: null, column: null, severity: 'error', why, remedy: 'rename the file' };
}

function parse(text: string, path: string): ParsedPolicy {
  const { lists, problems } = find(text, path);
  if (problems.some(isError)) return { type: 'invalid', problems };
  const entries = lists.flatMap(list => list.entries);
  return {
    type: 'valid',
    policy: listPolicy(entries),
    problems: [...problems, ...lintPolicy(entries, path)],
  };
}

function plan(text: string, path: string, edit: EntryEdit): EditPlan {
  const refusal = edit.map(refusalOf).find(why => why !== null);
  if (refusal) return { type: 'refused', why: refusal };
  const { lists, ignoredFrom } = find(text, path);
  if (ignoredFrom !== undefined) return { type: 'refused', why: ignoredWhy(ignoredFrom) };
  const merged = lists.find(
    ({ name, mergedAt }) => mergedAt !== undefined && edit.some(({ list }) => list === name),
  );
  if (merged) return { type: 'refused', why: mergedWhy(merged) };
  const changes = edit.flatMap(wish => {
    const list = lists.find(({ name }) => name === wish.list);
    const placed = { path: [list?.key ?? wish.list], entries: list?.entries ?? [] };
    return listPlan(placed, { ...wish, entry: wish.entry.trim() }, sameEntry);
  });
  return changes.length > 0
    ? { type: 'planned', changes }
    : { type: 'unchanged', why: whyUnchanged(edit, ({ list }) => list) };
}

const ignoredWhy = (line: number): string =>
  `microagent ignores this file from line ${line} on, behind the first document; join the parts, or remove the second`;

const mergedWhy = ({ name, mergedAt }: FoundList): string =>
  `the list ${name} is merged in at line ${mergedAt} (<<); edit it by hand, or write it as a list of its own`;

function refusalOf({ type, list, entry }: EntryChange): string | null {
  if (list === 'deny')
    return 'microagent has no deny list: what is not listed is denied in a locked workspace';
  return type === 'add' && normaliseEntry(entry) === '' ? 'an entry may not be empty' : null;
}

const sameEntry = (one: string, other: string): boolean => normaliseEntry(one) === normaliseEntry(other);

/**
 * Reasons of denials that also concern listed hosts (`internal/egress`): caps, protocols, and a name without a DNS record for its address.
 */
const NOT_BY_LIST =
  /^(?:concurrency|volume|dns-over-https|asserted host|name-destination|quic|protocol |unmediatable|foreign-resolver|unresolved-secret|upstream-error)/;

const isOwnDenial = (system: string, reason: string | null): boolean =>
  (system === 'microagent' || system === 'egresstop') && !NOT_BY_LIST.test(reason ?? '');

function emptyFile(format: PolicyFormat | null): string | null {
  if (format === null) return null;
  return format === 'json' ? '{\n  "allow": [],\n  "passthrough": []\n}\n' : 'allow: []\npassthrough: []\n';
}

/** microagent's policy file: `allow` and `passthrough`, YAML or strict JSON by extension (`internal/egress/policyfile.go`). */
export const microagentDialect: Dialect = {
  name: 'microagent',
  lists: LISTS,
  format: formatOf,
  claims: (_, path) => formatOf(path) !== null,
  showsEnds: path => formatOf(path) === 'yaml',
  modes: ['strict', 'guarded', 'ask', 'off'],
  matchers: [],
  expand: (_, edit) => edit,
  parse,
  unite: ({ entries }, more) => listPolicy([...entries, ...more]),
  plan,
  shadow:
    'microagent policies have no shadow mode: what is not listed is denied, or reachable in a guarded workspace',
  sameEntry,
  covers: entryCovers,
  isOwnDenial,
  forms: formsOf,
  template: (name, path) => (name === 'empty' ? emptyFile(formatOf(path)) : null),
  warn: warnOf,
};

/** The check of a locked workspace besides its policy (`internal/egress`, reason `name-destination`). */
const DNS_LOCK =
  'a locked workspace still denies a name that it never saw in a DNS answer for the address dialled';

/** The dialect as a microagent workspace uses it, including its lock, which the policy file does not hold. */
export const workspaceDialect: Dialect = {
  ...microagentDialect,
  parse: (text, path) => {
    const parsed = microagentDialect.parse(text, path);
    return parsed.type === 'valid' ? { ...parsed, policy: withLock(parsed.policy) } : parsed;
  },
};

/** The policy as a workspace uses it. A note says what its lock also denies. */
export const withLock = (policy: Policy): Policy => ({
  ...policy,
  judge: (attempt, options = {}) => {
    const ruling = policy.judge(attempt, options);
    const isLocked = ruling.verdict === 'allow' && ruling.entry !== null && options.mode !== 'guarded';
    return isLocked ? { ...ruling, notes: [DNS_LOCK] } : ruling;
  },
});
