import type {
  Dialect,
  EntryChange,
  ParsedPolicy,
  Policy,
  PolicyFormat,
} from '../../../core/policy/dialect.ts';
import { isError, type Problem } from '../../../core/problem.ts';
import { membersOf, parseJsonText } from '../../policy-text/json-text.ts';
import { lintPatterns, type PatternLinter, warnOfPatterns } from '../../policy-text/pattern-lint.ts';
import { type PatternList, patternPolicy, type Unlisted } from '../../policy-text/pattern-policy.ts';
import type { SettingsList } from '../../policy-text/settings-json.ts';
import { domainGrammar } from './domain-pattern.ts';
import {
  coversDomain,
  domainForms,
  isSameDomain,
  misreadDomain,
  planDomains,
  withoutDenials,
} from './domain-lists.ts';
import { LIST_PATHS, readSettings } from './read-settings.ts';
import { whyRefused } from './refused-entry.ts';

const formatOf = (path: string): PolicyFormat | null => (/[^/]\.json$/i.test(path) ? 'json' : null);

const LINTER: PatternLinter = {
  grammar: domainGrammar,
  misread: misreadDomain,
  keyOf: list => LIST_PATHS[list].join('.'),
};

/** The name of the settings file in the home folder. */
const OWN_NAME = /(?:^|[/\\])\.?srt-settings\.json$/i;

/** The ruling on unlisted hosts: `srt` denies them without asking (`filterNetworkRequest`). */
const UNLISTED: Unlisted = {
  verdict: 'deny',
  reason: `not in ${LIST_PATHS.allow.join('.')}`,
  notes: [],
};

function parse(text: string, path: string): ParsedPolicy {
  if (formatOf(path) === null) return { type: 'invalid', problems: [notJson(path)] };
  const { lists, problems } = readSettings(text, path);
  if (problems.some(isError)) return { type: 'invalid', problems };
  const policy = settingsPolicy(lists);
  return { type: 'valid', policy, problems: [...problems, ...lintPatterns(policy.entries, path, LINTER)] };
}

const notJson = (path: string): Problem => ({
  source: path,
  line: null,
  column: null,
  severity: 'error',
  why: `the settings of sandbox-runtime are a .json file, and ${path} is not called one`,
  remedy: 'name a file that ends in .json',
});

function settingsPolicy(lists: readonly SettingsList[]): Policy {
  const listOf = (name: 'allow' | 'deny'): PatternList => {
    const found = lists.find(list => list.name === name);
    return {
      name,
      mark: { name: LIST_PATHS[name].join('.'), line: found?.line ?? null },
      entries: found?.entries ?? [],
    };
  };
  return patternPolicy({
    grammar: domainGrammar,
    allow: listOf('allow'),
    deny: listOf('deny'),
    unlisted: UNLISTED,
    notes: [],
  });
}

/**
 * Whether a file is a settings file of `srt`: by its name, or by `network.allowedDomains` and `filesystem` at the top, which no other
 * system has together.
 */
function claims(text: string, path: string): boolean {
  if (formatOf(path) === null) return false;
  const parsed = parseJsonText(text, 'jsonc');
  if (parsed.type === 'broken') return OWN_NAME.test(path);
  const network = membersOf(parsed.root).find(({ key }) => key === 'network')?.value;
  return (
    network?.type === 'object' &&
    membersOf(network).some(({ key }) => key === 'allowedDomains' || key === 'deniedDomains')
  );
}

function refusalOf({ type, list, entry }: EntryChange): string | null {
  if (type === 'remove') return null;
  if (list === 'passthrough') return 'sandbox-runtime has no passthrough';
  const why = whyRefused(list, entry);
  return why === null ? null : `sandbox-runtime would refuse the whole file: ${entry}: ${why}`;
}

/** The dialect of sandbox-runtime's settings, `~/.srt-settings.json` (README, "Policy"). */
export const sandboxRuntimeDialect: Dialect = {
  name: 'sandbox-runtime',
  lists: ['allow', 'deny'],
  format: formatOf,
  claims,
  showsEnds: () => false,
  modes: [],
  matchers: [],
  parse,
  expand: ({ entries }, edit) => withoutDenials(entries, edit),
  plan: (text, path, edit) => planDomains(readSettings(text, path).lists, edit, refusalOf),
  sameEntry: isSameDomain,
  covers: coversDomain,
  isOwnDenial: system => system === 'sandbox-runtime',
  template: (name, path) => (name === 'empty' && OWN_NAME.test(path) ? EMPTY : null),
  forms: domainForms,
  warn: (policy, edit) => warnOfPatterns(policy, edit, LINTER),
};

const EMPTY = `{
  "network": {
    "allowedDomains": [],
    "deniedDomains": []
  },
  "filesystem": {
    "denyRead": [],
    "allowWrite": ["."],
    "denyWrite": []
  }
}
`;
