import type {
  Dialect,
  EditPlan,
  EntryChange,
  EntryEdit,
  ParsedPolicy,
  Policy,
  PolicyFormat,
} from '../../../core/policy/dialect.ts';
import { isError, type Problem } from '../../../core/problem.ts';
import { fileProblem } from '../../policy-text/file-problem.ts';
import { type Remark, warning } from '../../policy-text/entry-risk.ts';
import { namesHost } from '../../policy-text/host-pattern.ts';
import { patternForms } from '../../policy-text/pattern-forms.ts';
import { lintPatterns, type PatternLinter, warnOfPatterns } from '../../policy-text/pattern-lint.ts';
import { askedHost, patternPolicy } from '../../policy-text/pattern-policy.ts';
import { listPlan, whyUnchanged } from '../../policy-text/list-plan.ts';
import { type FoundRules, isCopy, readRules } from './read-rules.ts';
import { isRange, sbxGrammar } from './resource-pattern.ts';

const formatOf = (path: string): PolicyFormat | null => (/[^/]\.json$/i.test(path) ? 'json' : null);

const misread = (_: 'allow' | 'deny', entry: string): Remark | null =>
  isRange(entry) ? warning('is a range of addresses, which egresstop does not judge by', null) : null;

const LINTER: PatternLinter = { grammar: sbxGrammar, misread, keyOf: list => `rules that ${list}` };

function parse(text: string, path: string, sandbox: string | null): ParsedPolicy {
  if (formatOf(path) === null)
    return {
      type: 'invalid',
      problems: [
        fileProblem(path, 'error', {
          why: 'an answer of sbx is a .json file',
          remedy: 'save what `sbx policy ls --json` prints',
        }),
      ],
    };
  const found = readRules(text, path, sandbox);
  if (found.problems.some(isError)) return { type: 'invalid', problems: found.problems };
  const listOf = (name: 'allow' | 'deny') => ({
    name,
    mark: { name: `rules that ${name}`, line: null },
    entries: found.entries.filter(({ list }) => list === name),
  });
  const policy = patternPolicy({
    grammar: sbxGrammar,
    allow: listOf('allow'),
    deny: listOf('deny'),
    unlisted: {
      verdict: 'deny',
      reason: 'no rule allows it',
      notes: ['sbx may ask for an approval before it denies this'],
    },
    notes: [],
  });
  return {
    type: 'valid',
    policy,
    problems: [...remarks(found, path, sandbox), ...lintPatterns(policy.entries, path, LINTER)],
  };
}

function remarks(
  { sandboxes, inactive }: FoundRules,
  path: string,
  sandbox: string | null,
): readonly Problem[] {
  const others = sandboxes.filter(name => name !== sandbox);
  return [
    ...(inactive > 0
      ? [
          fileProblem(path, 'warning', {
            why: `inactive network rules: ${inactive}; an organisation may rule in their place`,
            remedy: null,
          }),
        ]
      : []),
    ...(others.length > 0
      ? [
          fileProblem(path, 'warning', {
            why: `${others.join(', ')}: sandboxes with rules of their own, which are not judged by`,
            remedy: `name one as ${path}#${others[0] ?? ''}`,
          }),
        ]
      : []),
  ];
}

/**
 * Whether the text is the output of `sbx policy ls --json` (rules with decisions and types of resources), or a copy of the entries of
 * `sbx`.
 */
const claims = (text: string, path: string): boolean =>
  formatOf(path) !== null &&
  (isCopy(text) ||
    (/"resource_type"\s*:/.test(text) && /"decision"\s*:/.test(text) && /"rules"\s*:/.test(text)));

function plan(text: string, path: string, edit: EntryEdit): EditPlan {
  return isCopy(text) ? planCopy(text, path, edit) : refusedPlan(edit);
}

function planCopy(text: string, path: string, edit: EntryEdit): EditPlan {
  const why = edit.map(refusalOf).find(found => found !== null);
  if (why) return { type: 'refused', why };
  const { entries } = readRules(text, path, null);
  const changes = edit.flatMap(wish =>
    listPlan(
      { path: [wish.list], entries: entries.filter(({ list }) => list === wish.list) },
      wish,
      sameEntry,
    ),
  );
  return changes.length > 0
    ? { type: 'planned', changes }
    : { type: 'unchanged', why: whyUnchanged(edit, ({ list }) => `the rules that ${list}`) };
}

/** Why an entry cannot be passed to `sbx`, which reads a comma as the end of a name and a leading dash as a flag; null if it can. */
function refusalOf({ type, list, entry }: EntryChange): string | null {
  if (type === 'remove') return null;
  if (list === 'passthrough') return 'sbx has no list of hosts whose TLS is passed through';
  if (/^-|[,\s]/.test(entry) || entry === '')
    return 'sbx takes no such name: it is read as a flag, or as several';
  return null;
}

const sameEntry = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** The edit with the removal of an equal denial for each allowed host, because a denial wins. */
function withoutDenial({ entries }: Policy, edit: EntryEdit): EntryEdit {
  const denied = edit.filter(
    ({ type, list, entry }) =>
      type === 'add' &&
      list === 'allow' &&
      entries.some(known => known.list === 'deny' && sameEntry(known.text, entry)) &&
      !edit.some(other => other.list === 'deny' && sameEntry(other.entry, entry)),
  );
  return [...edit, ...denied.map(({ entry }): EntryChange => ({ type: 'remove', list: 'deny', entry }))];
}

/** The refusal to edit a saved output, with the commands that change the rules. */
function refusedPlan(edit: EntryEdit): EditPlan {
  const commands = edit.map(({ type, list, entry }) =>
    type === 'add'
      ? `sbx policy ${list} network ${quoted(entry)}`
      : `sbx policy rm network --resource ${quoted(entry)}`,
  );
  const run = commands.join(' && ');
  return {
    type: 'refused',
    why: `this file is a copy of what sbx holds; edit --policy sbx:, or run: ${run}`,
  };
}

const quoted = (entry: string): string =>
  /^[\w.:-]+$/.test(entry) ? entry : `'${entry.replaceAll("'", String.raw`'\''`)}'`;

/** The dialect of a saved output: the global rules, and with `FILE#NAME` also those of that sandbox. */
const dialectOf = (sandbox: string | null): Dialect => ({
  name: 'sbx',
  lists: ['allow', 'deny'],
  format: formatOf,
  claims,
  showsEnds: () => false,
  modes: [],
  matchers: [],
  part: dialectOf,
  parse: (text, path) => parse(text, path, sandbox),
  expand: withoutDenial,
  plan,
  sameEntry,
  covers: (entry, host) => {
    const asked = askedHost({ host, address: null }, sbxGrammar);
    return asked !== null && namesHost(sbxGrammar.pattern(entry), asked);
  },
  isOwnDenial: system => system === 'sbx',
  forms: host =>
    patternForms(sbxGrammar.host(host) ?? host, [
      { sign: '*.', reach: 'label' },
      { sign: '**.', reach: 'below' },
    ]),
  warn: (policy, edit) => warnOfPatterns(policy, edit, LINTER),
});

/** The rules of Docker Sandboxes in the output of `sbx policy ls --json` (README, "Policy"). */
export const sbxDialect: Dialect = dialectOf(null);
