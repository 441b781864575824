import type { Entry, Policy, Ruling } from '../../../core/policy/dialect.ts';
import { namesHost } from '../../policy-text/host-pattern.ts';
import {
  askedHost,
  type PatternList,
  patternPolicy,
  type Unlisted,
} from '../../policy-text/pattern-policy.ts';
import { domainGrammar } from '../../sandbox-runtime/policy/domain-pattern.ts';
import { type FetchRule, type FoundSettings, LIST_PATHS } from './read-settings.ts';

/** The settings of one file, and the prefix for line numbers in messages. The prefix is null for the edited file. */
export interface SettingsFile {
  readonly settings: FoundSettings;
  readonly file: string | null;
  /** Whether an organisation deployed the file. */
  readonly isManaged: boolean;
}

/**
 * The policy of several files, highest precedence first. Lists are united; a switch has the value of the first file that sets it. If the
 * managed settings demand it, only their own allowed domains count.
 */
export function settingsPolicy(files: readonly SettingsFile[]): Policy {
  const isManagedOnly = files.some(({ isManaged, settings }) => isManaged && settings.managedOnly?.isOn);
  const isCounted = (file: SettingsFile): boolean => file.isManaged || !isManagedOnly;
  const listOf = (name: 'allow' | 'deny', of: readonly SettingsFile[]): PatternList => ({
    name,
    mark: { name: LIST_PATHS[name].join('.'), line: ownLine(name, files) },
    entries: of.flatMap(file => entriesOf(name, file)),
  });
  const policy = patternPolicy({
    grammar: domainGrammar,
    allow: listOf('allow', files.filter(isCounted)),
    deny: listOf('deny', files),
    unlisted: unlisted(files, isManagedOnly),
    notes: standingNotes(files),
  });
  const idle = files.filter(file => !isCounted(file)).flatMap(file => entriesOf('allow', file));
  const rules = files
    .filter(isCounted)
    .flatMap(({ settings, file }) => settings.fetchRules.map(rule => ({ rule, file })));
  return {
    ...policy,
    entries: [...policy.entries, ...idle],
    judge: attempt => {
      const ruling = policy.judge(attempt);
      const asked = askedHost(attempt, domainGrammar);
      const named = ruling.verdict === 'deny' && ruling.entry === null && asked !== null ? rules : [];
      const fetched = named.filter(
        ({ rule }) =>
          rule.list === 'allow' &&
          rule.domain !== null &&
          asked !== null &&
          namesHost(domainGrammar.pattern(rule.domain), asked),
      );
      return withNotes(
        ruling,
        fetched.map(({ rule, file }) => fetchNote(rule, file)),
      );
    },
  };
}

function entriesOf(name: 'allow' | 'deny', { settings, file }: SettingsFile): readonly Entry[] {
  const list = settings.lists.find(found => found.name === name);
  return (list?.entries ?? []).map(entry => (file === null ? entry : { ...entry, file }));
}

const ownLine = (name: 'allow' | 'deny', files: readonly SettingsFile[]): number | null =>
  files.find(({ file }) => file === null)?.settings.lists.find(list => list.name === name)?.line ?? null;

function unlisted(files: readonly SettingsFile[], isManagedOnly: boolean): Unlisted {
  const isStrict = files.find(({ settings }) => settings.strict !== null)?.settings.strict?.isOn ?? false;
  const reason = `not in ${LIST_PATHS.allow.join('.')}`;
  return isStrict || isManagedOnly
    ? { verdict: 'deny', reason, notes: [] }
    : { verdict: 'deny', reason, notes: ['Claude Code asks the user before it denies this'] };
}

/** Notes on every ruling, for settings that make the lists ineffective. */
function standingNotes(files: readonly SettingsFile[]): readonly string[] {
  const highest = files.find(({ settings }) => settings.enabled !== null);
  const proxy = files.find(({ settings }) => settings.ownProxy !== null);
  return [
    ...(highest === undefined
      ? ['sandbox.enabled is not written: nothing is enforced unless it is true']
      : []),
    ...(highest?.settings.enabled?.isOn === false
      ? [
          `sandbox.enabled is false (${placeOf(highest.settings.enabled.line, highest.file)}): nothing is enforced`,
        ]
      : []),
    ...(proxy?.settings.ownProxy
      ? [
          `another proxy rules (${placeOf(proxy.settings.ownProxy.line, proxy.file)}): the lists may not count`,
        ]
      : []),
  ];
}

const fetchNote = (rule: FetchRule, file: string | null): string =>
  `${rule.text} (${placeOf(rule.line, file)}) is a permission rule, not an entry: by it sandboxed commands reach this host as well`;

const placeOf = (line: number, file: string | null): string =>
  file === null ? `line ${line}` : `line ${line} of ${file}`;

const withNotes = (ruling: Ruling, more: readonly string[]): Ruling =>
  more.length === 0 ? ruling : { ...ruling, notes: [...(ruling.notes ?? []), ...more] };
