import type { Dialect, ParsedPolicy } from '../../../core/policy/dialect.ts';
import { isError } from '../../../core/problem.ts';
import { claimsAasm } from './claims.ts';
import { formsOf } from './forms.ts';
import { HostPatterns } from './host-patterns.ts';
import { policyOf } from './judge.ts';
import { lintPolicy, warnOf } from './lint.ts';
import { MATCHERS } from './matchers.ts';
import { planEdit, sameEntry } from './plan.ts';
import { readPolicy } from './read-policy.ts';

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

/** Whether the entry, alone in its list, names the host as the gateway's check of `https://HOST/` has it. */
function covers(text: string, host: string): boolean {
  const entry = { list: 'allow', text, line: 0, column: 0, until: null } as const;
  return new HostPatterns([{ entry, pattern: text }]).find(host.includes(':') ? `[${host}]` : host) !== null;
}

/** What the policy's list and capabilities refuse, in the words of the gateway, of its anomaly detector and of the proxy. */
const OWN_DENIAL =
  /^(?:host not in network allowlist|network allowlist empty|capability |egress_allowlist$)|Connection to host '[^']*' not in network allowlist/;

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
  sameEntry,
  covers,
  isOwnDenial: (system, reason) => system === 'aasm' && OWN_DENIAL.test(reason ?? ''),
  forms: formsOf,
  warn: warnOf,
};
