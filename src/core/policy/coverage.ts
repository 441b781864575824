import type { Entry, Policy, RuleMark, Ruling } from './dialect.ts';

/**
 * The part of a policy that decided: an entry, a rule without hosts, or the default for hosts that no entry names. `nothing`: the policy
 * has no list and no rule that could deny the attempt.
 */
export type Coverage =
  | { readonly type: 'entry'; readonly entry: Entry }
  | { readonly type: 'rule'; readonly rule: RuleMark }
  | { readonly type: 'default'; readonly rule: RuleMark | null }
  | { readonly type: 'nothing' };

/** Finds the part of the policy that made a ruling. */
export function coverageOf({ verdict, entry, rule = null }: Ruling, { entries }: Policy): Coverage {
  if (entry) return { type: 'entry', entry };
  if (rule && !isDefault(rule)) return { type: 'rule', rule };
  if (!rule && verdict === 'allow' && entries.length === 0) return { type: 'nothing' };
  return { type: 'default', rule };
}

const isDefault = (rule: RuleMark): boolean => rule.line === null || rule.isDefault === true;

/** A short label: the entry as written, else the rule's name, else `default` or `nothing`. */
export function coverageWord(coverage: Coverage): string {
  switch (coverage.type) {
    case 'entry':
      return coverage.entry.text;
    case 'rule':
      return coverage.rule.name;
    case 'default':
      return coverage.rule?.isDefault ? coverage.rule.name : 'default';
    case 'nothing':
      return 'nothing';
  }
}
