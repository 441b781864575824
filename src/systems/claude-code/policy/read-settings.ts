import type { Node } from 'jsonc-parser';
import type { Problem } from '../../../core/problem.ts';
import { type SettingsList, SettingsReading } from '../../policy-text/settings-json.ts';

/** Where the two lists stand. */
export const LIST_PATHS = {
  allow: ['sandbox', 'network', 'allowedDomains'],
  deny: ['sandbox', 'network', 'deniedDomains'],
} as const;

/** A permission rule for the WebFetch tool. */
export interface FetchRule {
  readonly list: 'allow' | 'deny' | 'ask';
  /** As written: `WebFetch(domain:a.example)`. */
  readonly text: string;
  /** The domain that it names; null where it is about every URL. */
  readonly domain: string | null;
  readonly line: number;
  readonly column: number;
}

/** A switch that is written in the file. */
export interface Switch {
  readonly isOn: boolean;
  readonly line: number;
  readonly column: number;
}

/** The sandbox's network in one settings file. It is void where the problems hold an error. */
export interface FoundSettings {
  readonly lists: readonly SettingsList[];
  /** `sandbox.enabled`; null where the file does not say. */
  readonly enabled: Switch | null;
  /** `sandbox.network.strictAllowlist`: nobody is asked. */
  readonly strict: Switch | null;
  /** `sandbox.network.allowManagedDomainsOnly`, which counts in managed settings alone. */
  readonly managedOnly: Switch | null;
  /** A proxy of the operator's own stands in the place of Claude Code's: it rules, and not the lists. */
  readonly ownProxy: Pick<Switch, 'line' | 'column'> | null;
  readonly fetchRules: readonly FetchRule[];
  readonly problems: readonly Problem[];
}

/** Reads a settings file of Claude Code: JSON, in which comments and trailing commas are let be. */
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
