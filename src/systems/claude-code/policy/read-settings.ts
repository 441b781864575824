import type { Node } from 'jsonc-parser';
import type { Problem } from '../../../core/problem.ts';
import { type SettingsList, SettingsReading } from '../../policy-text/settings-json.ts';

/** The paths of the two lists. */
export const LIST_PATHS = {
  allow: ['sandbox', 'network', 'allowedDomains'],
  deny: ['sandbox', 'network', 'deniedDomains'],
} as const;

/** A permission rule for the WebFetch tool. */
export interface FetchRule {
  readonly list: 'allow' | 'deny' | 'ask';
  /** The rule as written: `WebFetch(domain:a.example)`. */
  readonly text: string;
  /** The domain in the rule; null for a rule on all URLs. */
  readonly domain: string | null;
  readonly line: number;
  readonly column: number;
}

/** A switch in the file. */
export interface Switch {
  readonly isOn: boolean;
  readonly line: number;
  readonly column: number;
}

/** The network settings of the sandbox in one settings file. Not usable if the problems include an error. */
export interface FoundSettings {
  readonly lists: readonly SettingsList[];
  /** `sandbox.enabled`; null without a value. */
  readonly enabled: Switch | null;
  /** `sandbox.network.strictAllowlist`: unlisted hosts are denied without asking the user. */
  readonly strict: Switch | null;
  /** `sandbox.network.allowManagedDomainsOnly`, which has an effect only in managed settings. */
  readonly managedOnly: Switch | null;
  /** The place of a setting for the operator's own proxy. That proxy then rules, and the lists have no effect. */
  readonly ownProxy: Pick<Switch, 'line' | 'column'> | null;
  readonly fetchRules: readonly FetchRule[];
  readonly problems: readonly Problem[];
}

/** Reads a settings file of Claude Code: JSON with comments and trailing commas. */
export function readSettings(text: string, path: string): FoundSettings {
  const reading = new SettingsReading(text, path, 'jsonc');
  const switchAt = (...keys: readonly string[]): Switch | null => {
    const found = reading.value(['sandbox', ...keys]);
    if (found?.value.type !== 'boolean') return null;
    return { isOn: found.value.value === true, line: found.line, column: found.column };
  };
  return {
    lists: [reading.list('allow', LIST_PATHS.allow), reading.list('deny', LIST_PATHS.deny)],
    enabled: switchAt('enabled'),
    strict: switchAt('network', 'strictAllowlist'),
    managedOnly: switchAt('network', 'allowManagedDomainsOnly'),
    ownProxy:
      reading.value(['sandbox', 'network', 'httpProxyPort']) ??
      reading.value(['sandbox', 'network', 'socksProxyPort']),
    fetchRules: (['allow', 'deny', 'ask'] as const).flatMap(list => fetchRulesIn(reading, list)),
    problems: reading.problems,
  };
}

function fetchRulesIn(reading: SettingsReading, list: FetchRule['list']): readonly FetchRule[] {
  const rules: readonly Node[] = reading.value(['permissions', list])?.value.children ?? [];
  return rules.flatMap(({ type, value, offset }): readonly FetchRule[] => {
    const [, inner] = type === 'string' ? (/^WebFetch(?:\((.*)\))?$/s.exec(String(value)) ?? []) : [];
    if (type !== 'string' || !/^WebFetch(?:\(|$)/.test(String(value))) return [];
    const domain = /^\s*domain:(.*)$/s.exec(inner ?? '')?.[1]?.trim() ?? null;
    return [{ list, text: String(value), domain, ...reading.place(offset) }];
  });
}
