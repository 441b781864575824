import type { Dialect, ParsedPolicy, EntryForm } from '../../../core/policy/dialect.ts';
import { isError } from '../../../core/problem.ts';
import { HostPatterns } from './host-patterns.ts';
import { policyOf } from './judge.ts';
import { lintPolicy, warnOf } from './lint.ts';
import { MATCHERS } from './matchers.ts';
import { planEdit, sameEntry } from './plan.ts';
import { readPolicy } from './read-policy.ts';
import { ownedParents } from '../../policy-text/suffix-list.ts';
import { asciiLower } from './ascii-lower.ts';
import { SECTIONS } from './sections.ts';

const KEY = /^(?:"([^"\n]*)"|'([^'\n]*)'|([^\s#"'[\]{},:-][^\n:#]*?))[ \t]*:(?=\s|$)/gm;
const FLOW_KEY = /^\s*\{\s*["']?(\w+)["']?\s*:/;

/**
 * Whether a YAML text, valid or not, looks like aasm's: it has the envelope, or one of aasm's sections at the top and no list of
 * microagent's.
 */
function claimsAasm(text: string, path: string): boolean {
  if (!/\.ya?ml$/i.test(path)) return false;
  const keys = new Set([
    ...[...text.matchAll(KEY)].map(([, double, single, plain]) => double ?? single ?? plain),
    FLOW_KEY.exec(text)?.[1],
  ]);
  if (keys.has('allow') || keys.has('passthrough')) return false;
  if (keys.has('spec') || keys.has('apiVersion')) return true;
  return [...keys].some(key => key !== undefined && Object.hasOwn(SECTIONS, key));
}

/** The entries to offer for a host, narrowest first: the host, then `*.parent` for each level up to its registrable domain. */
function formsOf(host: string): readonly EntryForm[] {
  const name = asciiLower(host.trim()).replace(/\.+$/, '');
  const isV6 = name.includes(':');
  const own: EntryForm = {
    entry: isV6 ? `[${name}]` : name,
    label: isV6 ? 'this address alone, in the gateway' : 'this host alone',
  };
  return [own, ...ownedParents(name).map(everythingBelow)];
}

const everythingBelow = (name: string): EntryForm => ({
  entry: `*.${name}`,
  label: `everything below ${name}, not ${name} itself`,
});

const formatOf = (path: string): 'yaml' | null => (/\.ya?ml$/i.test(path) ? 'yaml' : null);

function parse(text: string, path: string): ParsedPolicy {
  if (formatOf(path) === null) return { type: 'invalid', problems: [unsupported(path)] };
  const found = readPolicy(text, path);
  if (found.problems.some(isError)) return { type: 'invalid', problems: found.problems };
  return {
    type: 'valid',
    policy: policyOf(found),
    problems: [...found.problems, ...lintPolicy(found, path)],
  };
}

const unsupported = (path: string) => ({
  source: path,
  line: null,
  column: null,
  severity: 'error' as const,
  why: 'aasm reads policies from YAML files alone',
  remedy: 'name the file *.yaml',
});

/** Whether the entry, as the only one of its list, matches the host in the gateway's check of `https://HOST/`. */
function covers(text: string, host: string): boolean {
  const entry = { list: 'allow', text, line: 0, column: 0, until: null } as const;
  return new HostPatterns([{ entry, pattern: text }]).find(host.includes(':') ? `[${host}]` : host) !== null;
}

/** Matches the reasons of denials by the list or by capabilities, as the gateway, its anomaly detector and the proxy word them. */
const OWN_DENIAL =
  /^(?:host not in network allowlist|network allowlist empty|capability |egress_allowlist$)|Connection to host '[^']*' not in network allowlist/;

/** A new policy with which the gateway denies every host. Only `.yaml` files are loaded from a folder of policies. */
const EMPTY = `apiVersion: agent-assembly/v1
kind: Policy
metadata:
  name: egress
  version: "1.0.0"
spec:
  network:
    allowlist: []
`;

/** agent-assembly's policy: `network.allowlist`, in an envelope or flat (`aa-policy/src/validator.rs`). */
export const aasmDialect: Dialect = {
  name: 'aasm',
  lists: ['allow'],
  format: formatOf,
  claims: claimsAasm,
  showsEnds: () => true,
  modes: [],
  matchers: MATCHERS,
  expand: (_, edit) => edit,
  parse,
  plan: (text, path, edit) => planEdit(readPolicy(text, path), edit),
  shadow:
    'agent-assembly’s policy file has no shadow mode: whether the gateway only observes is set where it is started',
  sameEntry,
  covers,
  isOwnDenial: (system, reason) => system === 'aasm' && OWN_DENIAL.test(reason ?? ''),
  template: (name, path) => (name === 'ssrf' || !/\.yaml$/i.test(path) ? null : EMPTY),
  forms: formsOf,
  warn: warnOf,
};
