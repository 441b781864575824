import type { Entry, Policy } from '../../../core/policy/dialect.ts';
import { patternPolicy } from '../../policy-text/pattern-policy.ts';
import { codexGrammar } from './domain-pattern.ts';
import { domainsPath, type FoundConfig, type Profile } from './read-config.ts';

/** The named profile, followed by the profiles that it extends. A cycle ends where it closes. */
export function lineOf(config: FoundConfig, name: string | null): readonly Profile[] {
  const line: Profile[] = [];
  let next = name;
  while (next !== null && !line.some(profile => profile.name === next)) {
    const found = config.profiles.find(profile => profile.name === next);
    if (!found) return line;
    line.push(found);
    next = typeof found.parent?.value === 'string' ? found.parent.value : null;
  }
  return line;
}

/** The profile that Codex uses by default: the one in `default_permissions`, else the only one; null otherwise. */
export function usedProfile({ profiles, selected }: FoundConfig): string | null {
  if (typeof selected?.value === 'string') return selected.value;
  return profiles.length === 1 ? (profiles[0]?.name ?? null) : null;
}

/** Methods that `mode = "limited"` allows. */
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'CONNECT']);

/** The policy of a profile with its domains and those of the profiles that it extends. A denial wins, and unlisted hosts are denied. */
export function profilePolicy(config: FoundConfig, name: string | null): Policy {
  const line = lineOf(config, name);
  const entriesOf = (list: 'allow' | 'deny'): readonly Entry[] =>
    line.flatMap(({ entries }) => entries.filter(entry => entry.list === list));
  const mark = { name: domainsPath(name ?? 'NAME').join('.'), line: line[0]?.domainsLine ?? null };
  const policy = patternPolicy({
    grammar: codexGrammar,
    allow: { name: 'allow', mark, entries: entriesOf('allow') },
    deny: { name: 'deny', mark, entries: entriesOf('deny') },
    unlisted: {
      verdict: 'deny',
      reason: `not allowed in ${mark.name}`,
      notes: ['Codex may ask the user before it denies this'],
    },
    notes: notesOn(config, line),
  });
  const isLimited = line.find(({ mode }) => mode !== null)?.mode?.value === 'limited';
  return {
    ...policy,
    judge: attempt => {
      const ruling = policy.judge(attempt);
      const method = attempt.method?.toUpperCase() ?? 'GET';
      if (!isLimited || ruling.verdict === 'deny' || SAFE_METHODS.has(method)) return ruling;
      return {
        ...ruling,
        verdict: 'deny',
        entry: null,
        reason: `mode is limited: ${method} is not let through`,
      };
    },
  };
}

/** Notes on every ruling, for settings that make the profile ineffective. */
function notesOn({ olderSettings, proxy }: FoundConfig, line: readonly Profile[]): readonly string[] {
  const [older] = olderSettings;
  const enabled = line.find(profile => profile.enabled !== null)?.enabled;
  return [
    ...(older
      ? [`${older.key} (line ${older.line}) switches permission profiles off: this one is not enforced`]
      : []),
    ...(proxy?.value === true ? [] : ['features.network_proxy is not true: no proxy enforces the domains']),
    ...(enabled?.value === true ? [] : ['network.enabled is not true: commands have no network at all']),
  ];
}
