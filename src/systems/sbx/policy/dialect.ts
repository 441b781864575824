import type {
  Dialect,
  EditPlan,
  EntryEdit,
  ParsedPolicy,
  PolicyFormat,
} from '../../../core/policy/dialect.ts';
import { isError, type Problem } from '../../../core/problem.ts';
import { fileProblem } from '../../policy-text/file-problem.ts';
import { type Remark, warning } from '../../policy-text/entry-risk.ts';
import { namesHost } from '../../policy-text/host-pattern.ts';
import { patternForms } from '../../policy-text/pattern-forms.ts';
import { lintPatterns, type PatternLinter, warnOfPatterns } from '../../policy-text/pattern-lint.ts';
import { askedHost, patternPolicy } from '../../policy-text/pattern-policy.ts';
import { type FoundRules, readRules } from './read-rules.ts';
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

/** A list of rules with decisions and types of resources: what `sbx policy ls --json` prints. */
const claims = (text: string, path: string): boolean =>
  formatOf(path) !== null &&
  /"resource_type"\s*:/.test(text) &&
  /"decision"\s*:/.test(text) &&
  /"rules"\s*:/.test(text);

/** The rules are no file's, so the commands that change them are named. */
function plan(edit: EntryEdit): EditPlan {
  const commands = edit.map(({ type, list, entry }) =>
    type === 'add'
      ? `sbx policy ${list} network ${quoted(entry)}`
      : `sbx policy rm network --resource ${quoted(entry)}`,
  );
  return { type: 'refused', why: `this file is a copy of what sbx holds; run: ${commands.join(' && ')}` };
}

const quoted = (entry: string): string =>
  /^[\w.:-]+$/.test(entry) ? entry : `'${entry.replaceAll("'", String.raw`'\''`)}'`;

/** The dialect of a saved answer: the global rules, and with `FILE#NAME` those of that sandbox as well. */
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
  expand: (_, edit) => edit,
  plan: (_, __, edit) => plan(edit),
  sameEntry: (one, other) => one.toLowerCase() === other.toLowerCase(),
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

/** The rules of Docker Sandboxes, as `sbx policy ls --json` prints them (README, "Policy"). */
export const sbxDialect: Dialect = dialectOf(null);
