import type { Dialect, EntryChange, ParsedPolicy, PolicyFormat } from '../../../core/policy/dialect.ts';
import { isError, type Problem } from '../../../core/problem.ts';
import { membersOf, parseJsonText } from '../../policy-text/json-text.ts';
import { lintPatterns, type PatternLinter, warnOfPatterns } from '../../policy-text/pattern-lint.ts';
import {
  coversDomain,
  domainForms,
  isSameDomain,
  misreadDomain,
  planDomains,
  withoutDenials,
} from '../../sandbox-runtime/policy/domain-lists.ts';
import { domainGrammar } from '../../sandbox-runtime/policy/domain-pattern.ts';
import { type FoundSettings, LIST_PATHS, readSettings } from './read-settings.ts';
import { type SettingsFile, settingsPolicy } from './settings-policy.ts';
import { fetchRemarks, switchRemarks } from './settings-remarks.ts';

const formatOf = (path: string): PolicyFormat | null => (/[^/]\.json$/i.test(path) ? 'jsonc' : null);

const LINTER: PatternLinter = {
  grammar: domainGrammar,
  misread: misreadDomain,
  keyOf: list => LIST_PATHS[list].join('.'),
};

/** The other settings files: those with higher and those with lower precedence than the edited one. */
export interface OtherFiles {
  readonly higher: readonly SettingsFile[];
  readonly lower: readonly SettingsFile[];
  /** Whether an organisation deployed the edited file. */
  readonly isManaged: boolean;
}

const ALONE: OtherFiles = { higher: [], lower: [], isManaged: false };

function parse(text: string, path: string, { higher, lower, isManaged }: OtherFiles): ParsedPolicy {
  if (formatOf(path) === null) return { type: 'invalid', problems: [notJson(path)] };
  const settings = readSettings(text, path);
  if (settings.problems.some(isError)) return { type: 'invalid', problems: settings.problems };
  const files = [...higher, { settings, file: null, isManaged }, ...lower];
  const policy = settingsPolicy(files);
  const problems = [
    ...settings.problems,
    ...switchRemarks(files, path, isManaged),
    ...fetchRemarks(settings, path),
    ...lintPatterns(policy.entries, path, LINTER),
  ];
  return { type: 'valid', policy, problems: problems.sort(byPlace) };
}

const byPlace = (one: Problem, other: Problem): number =>
  (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0);

const notJson = (path: string): Problem => ({
  source: path,
  line: null,
  column: null,
  severity: 'error',
  why: `the settings of Claude Code are a .json file, and ${path} is not called one`,
  remedy: 'name a file that ends in .json',
});

/** The names of Claude Code's settings files. */
const OWN_NAME =
  /(?:^|[/\\])(?:\.claude[/\\]settings(?:\.local)?|managed-settings(?:\.d[/\\][^/\\]+)?)\.json$/;

/** Whether a file is a settings file: by its name, or by an object `sandbox`, which no other system has at the top. */
function claims(text: string, path: string): boolean {
  if (formatOf(path) === null) return false;
  if (OWN_NAME.test(path)) return true;
  const parsed = parseJsonText(text.replace(/^\uFEFF/, ' '), 'jsonc');
  if (parsed.type === 'broken' || parsed.root.type !== 'object') return false;
  return membersOf(parsed.root).some(({ key, value }) => key === 'sandbox' && value.type === 'object');
}

function refusalOf({ type, list, entry }: EntryChange): string | null {
  if (type === 'remove') return null;
  if (list === 'passthrough') return 'Claude Code has no passthrough';
  return entry.trim() === '' ? 'an entry may not be empty' : null;
}

const listsIn = (text: string, path: string): FoundSettings['lists'] => readSettings(text, path).lists;

/** The dialect of a settings file. It judges by all files and edits only this one. */
export const claudeDialectBeside = (others: OtherFiles): Dialect => ({
  name: 'claude-code',
  lists: ['allow', 'deny'],
  format: formatOf,
  claims,
  showsEnds: () => false,
  modes: [],
  matchers: [],
  parse: (text, path) => parse(text, path, others),
  expand: ({ entries }, edit) =>
    withoutDenials(
      entries.filter(({ file }) => file === undefined),
      edit,
    ),
  plan: (text, path, edit) => planDomains(listsIn(text, path), edit, refusalOf),
  sameEntry: isSameDomain,
  covers: coversDomain,
  isOwnDenial: system => system === 'claude-code',
  template: (name, path) => (name === 'empty' && OWN_NAME.test(path) ? EMPTY : null),
  forms: domainForms,
  warn: (policy, edit) => warnOfPatterns(policy, edit, LINTER),
});

/** The `sandbox.network` lists of a settings file of Claude Code (README, "Policy"). */
export const claudeDialect: Dialect = claudeDialectBeside(ALONE);

const EMPTY = `{
  "sandbox": {
    "network": {
      "allowedDomains": []
    }
  }
}
`;
