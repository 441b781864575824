import type {
  Dialect,
  EditPlan,
  EntryForm,
  ParsedPolicy,
  Policy,
  EntryEdit,
  Warning,
} from '../../../core/policy/dialect.ts';
import { isError, type Problem } from '../../../core/problem.ts';
import {
  beforeWriting,
  breadthRisk,
  insideRisk,
  type Remark,
  unmatchable,
} from '../../policy-text/entry-risk.ts';
import { listPlan, whyUnchanged } from '../../policy-text/list-plan.ts';
import { ownedParents } from '../../policy-text/suffix-list.ts';
import { baseOf, domainMatches, keyOf, neverMatchesHost } from './domain-match.ts';
import { type FoundConfig, LIST_PATHS, readConfig } from './read-config.ts';
import { isStrict, scanPolicy } from './scan-policy.ts';

const formatOf = (path: string): 'yaml' | null => (/[^/]\.ya?ml$/i.test(path) ? 'yaml' : null);

/** Keys at the top that only pipelock's configuration has. */
const OWN_KEY = /^(?:api_allowlist|fetch_proxy|forward_proxy|tls_interception|mcp_tool_scanning):/m;

function parse(text: string, path: string): ParsedPolicy {
  if (formatOf(path) === null) return { type: 'invalid', problems: [notYaml(path)] };
  const found = readConfig(text, path);
  if (found.problems.some(isError)) return { type: 'invalid', problems: found.problems };
  return {
    type: 'valid',
    policy: scanPolicy(found),
    problems: [...found.problems, ...lint(found, path)],
  };
}

const notYaml = (path: string): Problem => ({
  source: path,
  line: null,
  column: null,
  severity: 'error',
  why: `pipelock's configuration is a YAML file, and ${path} is not called one`,
  remedy: 'name a file that ends in .yaml or .yml',
});

/** The error of pipelock (`internal/config/validate.go`, the function `validateMode`), with its consequence. */
const UNUSABLE =
  'strict mode requires at least one domain in api_allowlist: pipelock refuses the file, and what it read before stays in force';

function lint(found: FoundConfig, source: string): readonly Problem[] {
  const place = found.lists.find(({ name }) => name === 'allow');
  const isUnusable = found.mode === 'strict' && place?.entries.length === 0;
  return [
    ...(isUnusable
      ? [
          {
            source,
            line: place.line,
            column: null,
            severity: 'warning' as const,
            why: UNUSABLE,
            remedy: 'add a name to it',
          },
        ]
      : []),
    ...lintEntries(found, source),
  ];
}

function lintEntries({ lists }: FoundConfig, source: string): readonly Problem[] {
  return lists.flatMap(({ name, entries }) =>
    entries.flatMap(({ text, line, column }) =>
      remarks(name, text).map(({ why, remedy }) => ({
        source,
        line,
        column,
        severity: 'warning' as const,
        why: `${text}: ${why}`,
        remedy,
      })),
    ),
  );
}

function remarks(list: string, entry: string): readonly Remark[] {
  const never = neverMatchesHost(entry);
  if (never) return [unmatchable(never)];
  if (list === 'deny') return [];
  const base = baseOf(entry);
  const risk = insideRisk(base) ?? (entry.startsWith('*.') ? breadthRisk(base) : null);
  return risk ? [risk] : [];
}

const sameEntry = (one: string, other: string): boolean => keyOf(one) === keyOf(other);

/** The edit with the removal of an allowed host from the blocklist, which takes precedence. */
function expand({ entries }: Policy, edit: EntryEdit): EntryEdit {
  const entailed = edit.flatMap(({ type, list, entry }): EntryEdit => {
    const denied = entries.find(other => other.list === 'deny' && sameEntry(other.text, entry));
    const isSaid = edit.some(other => other.list === 'deny' && sameEntry(other.entry, entry));
    return type === 'add' && list === 'allow' && denied && !isSaid
      ? [{ type: 'remove', list: 'deny', entry: denied.text }]
      : [];
  });
  return [...edit, ...entailed];
}

function plan(text: string, path: string, edit: EntryEdit): EditPlan {
  const { lists } = readConfig(text, path);
  if (edit.some(({ type, entry }) => type === 'add' && (/\s/.test(entry) || entry === '')))
    return { type: 'refused', why: 'an entry is one name without blanks' };
  const changes = edit.flatMap(wish => {
    const list = lists.find(({ name }) => name === wish.list);
    return list ? listPlan(list, wish, sameEntry) : [];
  });
  return changes.length > 0
    ? { type: 'planned', changes }
    : { type: 'unchanged', why: whyUnchanged(edit, ({ list }) => LIST_PATHS[list].join('.')) };
}

const formsOf = (host: string): readonly EntryForm[] => [
  { entry: host, label: 'this host alone' },
  ...ownedParents(host).map(name => ({ entry: `*.${name}`, label: `${name} and everything below it` })),
];

/** A warning if the edit removes the last allowed entry of a strict configuration, which pipelock then refuses. */
function emptied(policy: Policy, edit: EntryEdit): readonly Warning[] {
  const isAdded = edit.some(({ type, list }) => type === 'add' && list === 'allow');
  const gone = edit.filter(({ type, list }) => type === 'remove' && list === 'allow');
  const stays = policy.entries.some(
    ({ list, text }) => list === 'allow' && !gone.some(({ entry }) => sameEntry(entry, text)),
  );
  const [last] = gone;
  if (!last || isAdded || stays || !isStrict(policy)) return [];
  return [{ severity: 'warning', entry: last.entry, why: `is the last entry; ${UNUSABLE}` }];
}

function warnOf(policy: Policy, edit: EntryEdit): readonly Warning[] {
  return [...emptied(policy, edit), ...warnOfAdded(policy, edit)];
}

function warnOfAdded(policy: Policy, edit: EntryEdit): readonly Warning[] {
  return edit.flatMap(({ type, list, entry }) => {
    if (type === 'remove') return [];
    const found = remarks(list, entry).map(remark => beforeWriting(entry, remark));
    const judged = policy.judge({ host: baseOf(entry), address: null });
    const isIdle = list === 'allow' && judged.verdict === 'allow' && judged.entry === null;
    const idle = 'has no effect yet: the mode is not strict, so that what is not denied is let through';
    return isIdle ? [...found, { severity: 'warning' as const, entry, why: idle }] : found;
  });
}

/** The dialect of pipelock's lists in its YAML configuration (README, "Policy"). */
export const pipelockDialect: Dialect = {
  name: 'pipelock',
  lists: ['allow', 'deny', 'passthrough'],
  format: formatOf,
  claims: (text, path) => formatOf(path) !== null && OWN_KEY.test(text),
  showsEnds: () => true,
  modes: [],
  matchers: [],
  expand,
  parse,
  plan,
  sameEntry,
  covers: domainMatches,
  isOwnDenial: (system, reason) => system === 'pipelock' && /block ?list|allow ?list/.test(reason ?? ''),
  forms: formsOf,
  template: (name, path) =>
    name === 'empty' && formatOf(path) !== null ? 'version: 1\nmode: strict\napi_allowlist: []\n' : null,
  warn: warnOf,
};
