import type {
  Dialect,
  EditPlan,
  EntryChange,
  EntryEdit,
  KeyChange,
  ParsedPolicy,
  PolicyFormat,
} from '../../../core/policy/dialect.ts';
import { type EntryGrammar, neverMatches } from '../../../core/policy/never-matches.ts';
import { isError, type Problem } from '../../../core/problem.ts';
import { misfit, type Remark, unmatchable } from '../../policy-text/entry-risk.ts';
import { namesHost } from '../../policy-text/host-pattern.ts';
import { whyUnchanged } from '../../policy-text/list-plan.ts';
import { patternForms } from '../../policy-text/pattern-forms.ts';
import { lintPatterns, type PatternLinter, warnOfPatterns } from '../../policy-text/pattern-lint.ts';
import { askedHost } from '../../policy-text/pattern-policy.ts';
import { configRemarks } from './config-remarks.ts';
import { codexGrammar, normalName } from './domain-pattern.ts';
import { globExpression } from './glob.ts';
import { lineOf, profilePolicy, usedProfile } from './profile-policy.ts';
import { mergeLayers, type OtherLayers } from './merge-layers.ts';
import { domainsPath, readConfig } from './read-config.ts';

const formatOf = (path: string): PolicyFormat | null => (/[^/]\.toml$/i.test(path) ? 'toml' : null);

const ALONE: OtherLayers = { higher: [], lower: [] };

const GRAMMAR: EntryGrammar = {
  below: '*.',
  hasEverything: true,
  trims: true,
  hasUnicode: false,
  hasBrackets: true,
};

/** A remark on an entry that no host can match, or that matches another host than it seems to; null for a valid one. */
function misread(_: 'allow' | 'deny', entry: string): Remark | null {
  const text = entry.trim();
  const rest = text.replace(/^\*\*?\./, '');
  const { reach, name } = codexGrammar.pattern(entry);
  if (reach === 'all') return null;
  if (reach === 'glob')
    return globExpression(name) === null ? unmatchable({ why: 'its glob is invalid', instead: null }) : null;
  const port = /^[^:]*:(\d+)$/.exec(rest)?.[1];
  if (port !== undefined)
    return misfit(`names every port: Codex ignores :${port}`, `${text.slice(0, -rest.length)}${name}`);
  const never = neverMatches(text.replace(/^\*\*\./, '*.'), GRAMMAR);
  return never && !text.startsWith('[') ? unmatchable(never) : null;
}

const linterOf = (profile: string | null): PatternLinter => ({
  grammar: codexGrammar,
  misread,
  keyOf: () => domainsPath(profile ?? 'NAME').join('.'),
});

function parse({ text, path, named }: MeantPolicy, { higher, lower }: OtherLayers): ParsedPolicy {
  if (formatOf(path) === null)
    return {
      type: 'invalid',
      problems: [
        problemOf(
          path,
          `Codex's configuration is a TOML file, and ${path} is not called one`,
          'name a file that ends in .toml',
        ),
      ],
    };
  const own = readConfig(text, path);
  const config = mergeLayers([...higher, { config: own, file: null }, ...lower]);
  const profile = named ?? usedProfile(config);
  const names = config.profiles.map(({ name }) => name);
  const unknown =
    named !== null && !names.includes(named)
      ? [
          problemOf(
            path,
            `no permission profile "${named}" stands in this file`,
            `name one of: ${names.join(', ') || '-'}`,
          ),
        ]
      : [];
  const global = lineOf(config, profile)
    .flatMap(({ entries }) => entries)
    .filter(
      entry =>
        entry.file === undefined && entry.list === 'deny' && codexGrammar.pattern(entry.text).reach === 'all',
    )
    .map(({ text: entry, line, column }): Problem => ({
      source: path,
      line,
      column,
      severity: 'error',
      why: `${entry} cannot be denied: Codex refuses a wildcard for every host there, and with it the configuration`,
      remedy: 'name the hosts, or allow fewer',
    }));
  const problems = [...config.problems, ...unknown, ...global];
  if (problems.some(isError)) return { type: 'invalid', problems };
  const policy = profilePolicy(config, profile);
  return {
    type: 'valid',
    policy,
    problems: [
      ...problems,
      ...configRemarks(config, profile, path),
      ...lintPatterns(
        policy.entries.filter(({ file }) => file === undefined),
        path,
        linterOf(profile),
      ),
    ],
  };
}

const problemOf = (source: string, why: string, remedy: string): Problem => ({
  source,
  line: null,
  column: null,
  severity: 'error',
  why,
  remedy,
});

/** The path of Codex's configuration. */
const OWN_NAME = /(?:^|[/\\])\.codex[/\\]config\.toml$/;

const claims = (text: string, path: string): boolean =>
  formatOf(path) !== null &&
  (OWN_NAME.test(path) ||
    /^[ \t]*\[permissions\.[^\]]+\]/m.test(text) ||
    /^[ \t]*default_permissions[ \t]*=/m.test(text));

const sameEntry = (one: string, other: string): boolean => {
  const [left, right] = [codexGrammar.pattern(one), codexGrammar.pattern(other)];
  return left.reach === right.reach && left.name === right.name;
};

/** The edit with the removal of an equal denial, because a domain is one key with one value. */
function expand(edit: EntryEdit): EntryEdit {
  const opposite = { allow: 'deny', deny: 'allow', passthrough: 'passthrough' } as const;
  return edit.flatMap(wish =>
    wish.type === 'add' && wish.list !== 'passthrough'
      ? [wish, { type: 'remove' as const, list: opposite[wish.list], entry: wish.entry }]
      : [wish],
  );
}

interface MeantPolicy {
  readonly text: string;
  readonly path: string;
  readonly named: string | null;
}

function plan({ text, path, named }: MeantPolicy, edit: EntryEdit): EditPlan {
  const config = readConfig(text, path);
  const profile = named ?? usedProfile(config);
  const own = config.profiles.find(({ name }) => name === profile);
  if (profile === null || !own) return { type: 'refused', why: whyNoProfile(profile) };
  const refusal = edit.map(refusalOf).find(why => why !== null);
  if (refusal) return { type: 'refused', why: refusal };
  const at = (entry: string): readonly string[] => [...domainsPath(profile), entry];
  const added = edit.filter(({ type }) => type === 'add');
  const changes = edit.flatMap(({ type, list, entry }): readonly KeyChange[] => {
    const written = own.entries.filter(({ text: known }) => sameEntry(known, entry));
    if (type === 'remove')
      return added.some(wish => sameEntry(wish.entry, entry))
        ? []
        : written.filter(known => known.list === list).map(known => ({ type: 'drop', path: at(known.text) }));
    const [first] = written;
    if (first?.list === list) return [];
    return [{ type: 'put', path: at(first?.text ?? entry), value: list }];
  });
  const wanted = edit.filter(({ type }) => type === 'add').length > 0 ? added : edit;
  return changes.length > 0
    ? { type: 'planned', changes }
    : { type: 'unchanged', why: whyUnchanged(wanted, () => domainsPath(profile).join('.')) };
}

const whyNoProfile = (name: string | null): string =>
  name === null
    ? 'no permission profile is selected: write default_permissions = "NAME" and [permissions.NAME.network] with enabled = true'
    : `the permission profile ${name} does not stand in this file: built-in profiles are not edited`;

function refusalOf({ type, list, entry }: EntryChange): string | null {
  if (type === 'remove') return null;
  if (list === 'passthrough') return 'Codex has no passthrough';
  if (entry.trim() === '') return 'an entry may not be empty';
  const { reach } = codexGrammar.pattern(entry);
  return list === 'deny' && reach === 'all' ? 'Codex refuses to deny every host by a wildcard' : null;
}

/** Whether the entry, as the only one of its list, matches the host. */
function covers(entry: string, host: string): boolean {
  const asked = askedHost({ host, address: null }, codexGrammar);
  return asked !== null && namesHost(codexGrammar.pattern(entry), asked);
}

/** The dialect for one permission profile of a file: the one with that name, else the selected one. */
const dialectOf = (named: string | null, others: OtherLayers = ALONE): Dialect => ({
  name: 'codex',
  lists: ['allow', 'deny'],
  format: formatOf,
  claims,
  showsEnds: () => false,
  modes: [],
  matchers: [],
  part: name => dialectOf(name, others),
  parse: (text, path) => parse({ text, path, named }, others),
  expand: (_, edit) => expand(edit),
  plan: (text, path, edit) => plan({ text, path, named }, edit),
  sameEntry,
  covers,
  isOwnDenial: system => system === 'codex',
  forms: host =>
    patternForms(normalName(host), [
      { sign: '*.', reach: 'below' },
      { sign: '**.', reach: 'tree' },
    ]),
  template: (name, path) => (name === 'empty' && OWN_NAME.test(path) ? EMPTY : null),
  warn: (policy, edit) => warnOfPatterns(policy, edit, linterOf(named)),
});

/** The domains of Codex's permission profiles (README, "Policy"). */
export const codexDialect: Dialect = dialectOf(null);

/** The same dialect, judging together with the machine's other files. Only this file is edited. */
export const codexDialectBeside = (others: OtherLayers): Dialect => dialectOf(null, others);

const EMPTY = `default_permissions = "work"

[features]
network_proxy = true

[permissions.work]
extends = ":workspace"

[permissions.work.network]
enabled = true
`;
