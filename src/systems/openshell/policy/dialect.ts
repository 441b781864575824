import type {
  Dialect,
  EditPlan,
  EntryChange,
  EntryEdit,
  EntryForm,
  ListChange,
  ParsedPolicy,
  Warning,
} from '../../../core/policy/dialect.ts';
import { splitDestination } from '../../../core/host.ts';
import { isError, type Problem } from '../../../core/problem.ts';
import { beforeWriting, breadthRisk, insideRisk, type Remark } from '../../policy-text/entry-risk.ts';
import { whyUnchanged } from '../../policy-text/list-plan.ts';
import { ownedParents } from '../../policy-text/suffix-list.ts';
import { hostFault, hostMatches } from './host-glob.ts';
import { openShellPolicy } from './network-policy.ts';
import { readPolicy, type FoundPolicy } from './read-policy.ts';

const HTTPS_PORT = 443;

const formatOf = (path: string): 'yaml' | null => (/[^/]\.ya?ml$/i.test(path) ? 'yaml' : null);

/** An entry for comparisons: port 443 is the default and is left out. */
const spelled = (entry: string): string => entry.toLowerCase().replace(/:443$/, '');
const sameEntry = (one: string, other: string): boolean => spelled(one) === spelled(other);

/** All policies of a file, or the one with that name. */
function found(text: string, path: string, name: string | null): FoundPolicy {
  const all = readPolicy(text, path);
  const policies = all.policies.filter(({ key }) => name === null || key === name);
  if (policies.length > 0 || name === null || all.problems.some(isError)) return { ...all, policies };
  const names = all.policies.map(({ key }) => key).join(', ');
  const missing = problem(path, `network_policies has no ${name}`, `name one of ${names}`);
  return { policies, problems: [...all.problems, missing] };
}

const problem = (source: string, why: string, remedy: string): Problem => ({
  source,
  line: null,
  column: null,
  severity: 'error',
  why,
  remedy,
});

function parse(text: string, path: string, name: string | null): ParsedPolicy {
  if (formatOf(path) === null) {
    const why = `OpenShell's policy is a YAML file, and ${path} is not called one`;
    return { type: 'invalid', problems: [problem(path, why, 'name a file that ends in .yaml or .yml')] };
  }
  const policy = found(text, path, name);
  if (policy.problems.some(isError)) return { type: 'invalid', problems: policy.problems };
  return {
    type: 'valid',
    policy: openShellPolicy(policy),
    problems: [...policy.problems, ...lint(policy, path)],
  };
}

function lint({ policies }: FoundPolicy, source: string): readonly Problem[] {
  return policies.flatMap(({ endpoints }) =>
    endpoints.flatMap(({ host, entry: { text, line, column } }) =>
      remarks(host).map(({ why, remedy }) => ({
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

function remarks(host: string): readonly Remark[] {
  const base = host.toLowerCase().replace(/^\*+\./, '');
  const risk = insideRisk(base) ?? (base === host.toLowerCase() ? null : breadthRisk(base));
  return risk ? [risk] : [];
}

interface MeantPolicy {
  readonly text: string;
  readonly path: string;
  readonly name: string | null;
}

function plan({ text, path, name }: MeantPolicy, edit: EntryEdit): EditPlan {
  const { policies } = found(text, path, name);
  const planned = edit.map(wish => planOne(policies, wish));
  const refusal = planned.find(each => typeof each === 'string');
  if (refusal !== undefined) return { type: 'refused', why: refusal };
  const changes = planned.flatMap(each => (typeof each === 'string' ? [] : each));
  return changes.length > 0
    ? { type: 'planned', changes: placed(changes) }
    : { type: 'unchanged', why: whyUnchanged(edit, () => 'network_policies') };
}

/** The changes with indices such that each addition comes after the ones before it. */
function placed(changes: readonly ListChange[]): readonly ListChange[] {
  const added = new Map<string, number>();
  return changes.map(change => {
    if (change.type !== 'insert') return change;
    const key = JSON.stringify(change.path);
    const before = added.get(key) ?? 0;
    added.set(key, before + 1);
    return { ...change, index: change.index + before };
  });
}

/** The changes for one wish, or why it is refused. */
function planOne(policies: FoundPolicy['policies'], wish: EntryChange): readonly ListChange[] | string {
  const { type, list, entry } = wish;
  if (list !== 'allow')
    return type === 'remove' ? [] : `OpenShell has no ${list} list: what no policy lists is denied`;
  const standing = policies.flatMap(({ endpoints }) =>
    endpoints.filter(endpoint => sameEntry(endpoint.entry.text, entry)),
  );
  if (type === 'remove')
    return standing.map(({ policy, index }) => ({
      type,
      path: ['network_policies', policy, 'endpoints'],
      index,
    }));
  if (standing.length > 0) return [];
  const { host, port } = splitDestination(entry);
  const fault = host === null ? 'an entry may not be empty' : hostFault(host);
  if (host === null || fault !== null) return fault ?? '';
  const [only, another] = policies.filter(({ size }) => size > 0);
  if (!only || another)
    return `which programs may reach ${host} is not known: name one policy, as FILE#${only?.key ?? 'NAME'}, or run openshell policy update SANDBOX --add-endpoint ${host}:${port ?? HTTPS_PORT} --binary PATH --wait`;
  const path = ['network_policies', only.key, 'endpoints'];
  return [{ type: 'insert', path, index: only.size, item: { host, port: port ?? HTTPS_PORT } }];
}

const formsOf = (host: string): readonly EntryForm[] => [
  { entry: host, label: 'this host alone, on port 443' },
  ...ownedParents(host).flatMap(name => (name === host ? [] : below(name))),
];

const below = (name: string): readonly EntryForm[] => [
  { entry: `*.${name}`, label: `one label before ${name}` },
  { entry: `**.${name}`, label: `everything below ${name}, not ${name} itself` },
];

const warnOf = (edit: EntryEdit): readonly Warning[] =>
  edit.flatMap(({ type, entry }) =>
    type === 'add'
      ? remarks(splitDestination(entry).host ?? entry).map(remark => beforeWriting(entry, remark))
      : [],
  );

const dialectOf = (name: string | null): Dialect => ({
  name: 'openshell',
  lists: ['allow'],
  format: formatOf,
  claims: (text, path) => formatOf(path) !== null && /^network_policies:/m.test(text),
  showsEnds: () => false,
  modes: [],
  matchers: [],
  part: dialectOf,
  expand: (_, edit) => edit,
  parse: (text, path) => parse(text, path, name),
  plan: (text, path, edit) => plan({ text, path, name }, edit),
  sameEntry,
  covers: (entry, host) => hostMatches(splitDestination(entry).host ?? '', splitDestination(host).host ?? ''),
  isOwnDenial: (system, reason) =>
    system === 'openshell' && /no matching policy|not allowed in policy|not in policy/.test(reason ?? ''),
  forms: formsOf,
  template: (template, path) =>
    template === 'empty' && formatOf(path) !== null ? 'version: 1\nnetwork_policies: {}\n' : null,
  warn: (_, edit) => warnOf(edit),
});

/** The dialect of OpenShell's `network_policies` (README, "Policy"). `FILE#NAME` is one of them. */
export const openShellDialect = dialectOf(null);
