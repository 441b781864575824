import type { Node } from 'jsonc-parser';
import type { Entry } from '../../../core/policy/dialect.ts';
import type { Problem } from '../../../core/problem.ts';
import { membersOf, parseJsonText } from '../../policy-text/json-text.ts';
import { TextReading } from '../../policy-text/text-reading.ts';

/** The network rules of an answer of `sbx policy ls --json` that are active. */
export interface FoundRules {
  readonly entries: readonly Entry[];
  /** Sandboxes with rules of their own. */
  readonly sandboxes: readonly string[];
  /** Rules that an organisation or a later state has switched off. */
  readonly inactive: number;
  readonly problems: readonly Problem[];
}

/** Reads such an answer: the global rules, and those of one sandbox where it is named. */
export function readRules(text: string, path: string, sandbox: string | null): FoundRules {
  const reading = new TextReading(text, path);
  const parsed = parseJsonText(text, 'json');
  const rules = parsed.type === 'tree' ? valueOf(parsed.root, 'rules') : null;
  if (parsed.type === 'broken') reading.error(parsed.offset, parsed.why, 'save the answer again');
  else if (rules?.type !== 'array')
    reading.error(0, 'no list of rules stands in it', 'save what `sbx policy ls --json` prints');
  const network = (rules?.children ?? []).filter(rule => textOf(rule, 'resource_type') === 'network');
  const isActive = (rule: Node): boolean => (textOf(rule, 'status') ?? 'active') === 'active';
  const scopes = network.map(rule => textOf(rule, 'scope') ?? 'global');
  const isWanted = (scope: string): boolean =>
    scope === 'global' || (sandbox !== null && scope === `sandbox:${sandbox}`);
  return {
    entries: network
      .filter((rule, index) => isActive(rule) && isWanted(scopes[index] ?? ''))
      .flatMap(rule => entriesOf(rule, reading)),
    sandboxes: [...new Set(scopes.flatMap(scope => /^sandbox:(.+)$/s.exec(scope)?.[1] ?? []))],
    inactive: network.filter(rule => !isActive(rule)).length,
    problems: reading.problems,
  };
}

const valueOf = (object: Node, key: string): Node | null =>
  object.type === 'object' ? (membersOf(object).find(member => member.key === key)?.value ?? null) : null;

function textOf(object: Node, key: string): string | null {
  const value = valueOf(object, key);
  return value?.type === 'string' ? String(value.value) : null;
}

function entriesOf(rule: Node, reading: TextReading): readonly Entry[] {
  const decision = textOf(rule, 'decision');
  if (decision !== 'allow' && decision !== 'deny') {
    reading.error(rule.offset, `a rule decides ${decision ?? 'nothing'}`, 'look whether sbx has new words');
    return [];
  }
  return (valueOf(rule, 'resources')?.children ?? []).flatMap((item): readonly Entry[] =>
    item.type === 'string'
      ? [{ list: decision, text: String(item.value), ...reading.place(item.offset), until: null }]
      : [],
  );
}
