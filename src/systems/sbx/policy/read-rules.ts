import { beginsWithMark, WITHOUT_MARK } from '../../../core/policy/syntax-fault.ts';
import type { Node } from 'jsonc-parser';
import type { Entry } from '../../../core/policy/dialect.ts';
import type { Problem } from '../../../core/problem.ts';
import { membersOf, parseJsonText } from '../../policy-text/json-text.ts';
import { TextReading } from '../../policy-text/text-reading.ts';

/** The active network rules in an output of `sbx policy ls --json`. */
export interface FoundRules {
  readonly entries: readonly Entry[];
  /** The sandboxes with their own rules. */
  readonly sandboxes: readonly string[];
  /** The number of rules that an organisation or a later change switched off. */
  readonly inactive: number;
  readonly problems: readonly Problem[];
}

/** Reads an output: the global rules, and those of one sandbox if it is named. */
export function readRules(text: string, path: string, sandbox: string | null): FoundRules {
  const reading = new TextReading(text, path);
  const parsed = parseJsonText(text, 'json');
  if (parsed.type === 'tree' && isCopyTree(parsed.root)) return readCopy(parsed.root, reading);
  const rules = parsed.type === 'tree' ? valueOf(parsed.root, 'rules') : null;
  if (parsed.type === 'broken')
    reading.error(parsed.offset, parsed.why, beginsWithMark(text) ? WITHOUT_MARK : 'save the answer again');
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

/** The key that marks a copy of the entries of `sbx`. */
const HOLDER = 'held_by';

/** The text of a copy, with one entry a line. egresstop edits it before it changes the entries of `sbx`. */
export function copyOf(entries: readonly Entry[]): string {
  const listOf = (name: 'allow' | 'deny'): readonly string[] => [
    ...new Set(entries.filter(({ list }) => list === name).map(({ text }) => text)),
  ];
  const lists = { [HOLDER]: 'sbx', allow: listOf('allow'), deny: listOf('deny') };
  return `${JSON.stringify(lists, null, 2)}\n`;
}

/** Whether a text is such a copy. */
export function isCopy(text: string): boolean {
  const parsed = parseJsonText(text, 'json');
  return parsed.type === 'tree' && isCopyTree(parsed.root);
}

const isCopyTree = (root: Node): boolean => textOf(root, HOLDER) === 'sbx';

function readCopy(root: Node, reading: TextReading): FoundRules {
  const entries = (['allow', 'deny'] as const).flatMap(list =>
    (valueOf(root, list)?.children ?? []).flatMap((item): readonly Entry[] => {
      if (item.type === 'string')
        return [{ list, text: String(item.value), ...reading.place(item.offset), until: null }];
      reading.error(item.offset, `an entry of ${list} is not a text`, 'write a name in double quotes');
      return [];
    }),
  );
  return { entries, sandboxes: [], inactive: 0, problems: reading.problems };
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
