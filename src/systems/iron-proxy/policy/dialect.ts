import type {
  Dialect,
  EditPlan,
  EntryChange,
  EntryEdit,
  ParsedPolicy,
  PolicyFormat,
} from '../../../core/policy/dialect.ts';
import { type EntryGrammar, neverMatches } from '../../../core/policy/never-matches.ts';
import { isError, type Problem } from '../../../core/problem.ts';
import { fileProblem } from '../../policy-text/file-problem.ts';
import { misfit, type Remark, unmatchable } from '../../policy-text/entry-risk.ts';
import { namesHost } from '../../policy-text/host-pattern.ts';
import { listPlan, whyUnchanged } from '../../policy-text/list-plan.ts';
import { patternForms } from '../../policy-text/pattern-forms.ts';
import { lintPatterns, type PatternLinter, warnOfPatterns } from '../../policy-text/pattern-lint.ts';
import { askedHost, patternPolicy } from '../../policy-text/pattern-policy.ts';
import { ironGrammar, pathMatch } from './domain-pattern.ts';
import { type FoundAllowlist, readConfig } from './read-config.ts';

const formatOf = (path: string): PolicyFormat | null => (/[^/]\.ya?ml$/i.test(path) ? 'yaml' : null);

const GRAMMAR: EntryGrammar = {
  below: '*.',
  hasEverything: true,
  trims: false,
  hasUnicode: false,
  hasBrackets: false,
};

/** A remark on an entry that no host can match; null for a valid one. */
function misread(_: 'allow' | 'deny', entry: string): Remark | null {
  const { reach, name } = ironGrammar.pattern(entry);
  if (reach === 'all') return null;
  if (reach === 'glob')
    return pathMatch(name) === null ? unmatchable({ why: 'its pattern is invalid', instead: null }) : null;
  const never = neverMatches(entry, GRAMMAR);
  if (never) return unmatchable(never);
  if (entry !== entry.toLowerCase())
    return misfit('is compared as written: clients write hosts in lower case', entry.toLowerCase());
  return entry.endsWith('.')
    ? misfit('names only hosts with the dot at their end', entry.replace(/\.+$/, ''))
    : null;
}

const LINTER: PatternLinter = { grammar: ironGrammar, misread, keyOf: () => 'domains' };

const MARK = 'transforms: allowlist: domains';

function parse(text: string, path: string): ParsedPolicy {
  if (formatOf(path) === null)
    return {
      type: 'invalid',
      problems: [
        fileProblem(path, 'error', {
          why: `iron-proxy's configuration is a YAML file, and ${path} is not called one`,
          remedy: 'name a file that ends in .yaml',
        }),
      ],
    };
  const found = readConfig(text, path);
  if (found.problems.some(isError)) return { type: 'invalid', problems: found.problems };
  const policy = patternPolicy({
    grammar: ironGrammar,
    allow: { name: 'allow', mark: { name: MARK, line: found.line }, entries: found.entries },
    deny: { name: 'deny', mark: { name: MARK, line: null }, entries: [] },
    unlisted:
      found.path === null
        ? { verdict: 'allow', reason: 'no transform is an allowlist: every request passes', notes: [] }
        : { verdict: 'deny', reason: 'not in the domains of the allowlist', notes: besideNotes(found) },
    notes: found.isWarnOnly ? ['warn is true: the allowlist only warns, and rejects nothing'] : [],
  });
  return {
    type: 'valid',
    policy,
    problems: [...remarks(found, path), ...lintPatterns(policy.entries, path, LINTER)],
  };
}

const besideNotes = ({ beside }: FoundAllowlist): readonly string[] =>
  beside.map(({ what, line }) => `${what} (line ${line}) may let it through: egresstop reads domains alone`);

function remarks({ path: place, isWarnOnly, beside }: FoundAllowlist, path: string): readonly Problem[] {
  return [
    ...(place === null
      ? [
          fileProblem(path, 'warning', {
            why: 'no transform is an allowlist: iron-proxy lets every request through',
            remedy: 'add one to transforms',
          }),
        ]
      : []),
    ...(isWarnOnly
      ? [
          fileProblem(path, 'warning', {
            why: 'warn is true: nothing is rejected',
            remedy: 'remove it to enforce the allowlist',
          }),
        ]
      : []),
    ...beside.map(({ what, line }) => ({
      ...fileProblem(path, 'warning', {
        why: `${what} let requests through that the domains do not name: egresstop judges by the domains alone`,
        remedy: null,
      }),
      line,
    })),
  ];
}

/** Whether the text is a list of transforms with an allowlist among them. */
const claims = (text: string, path: string): boolean =>
  formatOf(path) !== null &&
  /^transforms:/m.test(text) &&
  /\bname:\s*["']?(?:allowlist|secrets)\b/.test(text);

function plan(text: string, path: string, edit: EntryEdit): EditPlan {
  const { path: place, entries } = readConfig(text, path);
  if (place === null)
    return { type: 'refused', why: 'no transform is an allowlist: add one to transforms first' };
  const why = edit.map(refusalOf).find(found => found !== null);
  if (why) return { type: 'refused', why };
  const changes = edit
    .filter(({ list }) => list === 'allow')
    .flatMap(wish => listPlan({ path: place, entries }, wish, sameEntry));
  return changes.length > 0
    ? { type: 'planned', changes }
    : { type: 'unchanged', why: whyUnchanged(edit, () => 'domains') };
}

function refusalOf({ type, list, entry }: EntryChange): string | null {
  if (type === 'remove') return null;
  if (list !== 'allow')
    return `iron-proxy has no list to ${list === 'deny' ? 'deny' : 'pass through'} hosts: only allowed domains are listed`;
  return entry.trim() === '' ? 'an entry may not be empty' : null;
}

const sameEntry = (one: string, other: string): boolean => one === other;

/** iron-proxy's `allowlist` transform (README, "Policy"). */
export const ironProxyDialect: Dialect = {
  name: 'iron-proxy',
  lists: ['allow'],
  format: formatOf,
  claims,
  showsEnds: () => true,
  modes: [],
  matchers: [],
  parse,
  expand: (_, edit) => edit,
  plan,
  sameEntry,
  covers: (entry, host) => {
    const asked = askedHost({ host, address: null }, ironGrammar);
    return asked !== null && namesHost(ironGrammar.pattern(entry), asked);
  },
  isOwnDenial: (system, reason) => system === 'iron-proxy' && /allowlist/.test(reason ?? ''),
  forms: host => patternForms(host, [{ sign: '*.', reach: 'tree' }]),
  warn: (policy, edit) => warnOfPatterns(policy, edit, LINTER),
};
