import type { Node } from 'jsonc-parser';
import type { DocumentPath } from '../../../core/policy/dialect.ts';
import { membersOf, parseJsonText } from '../../policy-text/json-text.ts';
import { DEFAULT_VERDICTS, type FirewallPolicy, type PolicyDocument } from './policy-model.ts';
import { readRule } from './read-rule.ts';
import { Reading } from './reading.ts';

const POLICY_KEYS: ReadonlySet<string> = new Set([
  'name',
  'enabled',
  'is_default',
  'default_verdict',
  'shadow_mode',
  'rules',
  'id',
  'description',
  'notes',
  'workspace_id',
  'created_at',
  'updated_at',
]);

/** Reads JSON, also with comments: one policy, an array of policies, or `{"policies": […]}` (README, "Files and discovery"). */
export function readDocument(text: string, path: string): PolicyDocument {
  const bare = text.replace(/^\uFEFF/, ' ');
  const reading = new Reading(bare, path);
  const parsed = parseJsonText(bare, 'jsonc');
  if (parsed.type === 'broken') {
    reading.error(parsed.offset, parsed.why, 'mend the JSON there; comments and trailing commas are fine');
    return { policies: [], problems: reading.problems, isBroken: true };
  }
  const policies = placesOfPolicies(reading, parsed.root).flatMap(
    ([node, at]) => readPolicy(reading, node, at) ?? [],
  );
  checkTogether(reading, policies);
  return { policies, problems: reading.problems, isBroken: reading.isBroken };
}

type PlacedNode = readonly [node: Node, path: DocumentPath];

const itemsOf = (array: Node, path: DocumentPath): readonly PlacedNode[] =>
  (array.children ?? []).map((item, index) => [item, [...path, index]]);

function placesOfPolicies(reading: Reading, root: Node): readonly PlacedNode[] {
  if (root.type === 'array') return itemsOf(root, []);
  if (root.type !== 'object') {
    reading.error(
      root.offset,
      'this is no firewall policy',
      'write a policy, a list of them, or { "policies": [ … ] }',
    );
    return [];
  }
  const list = membersOf(root).find(({ key }) => key === 'policies');
  if (list) return reading.typed(list, 'array') ? itemsOf(list.value, ['policies']) : [];
  return isBareList(root) ? bareList(reading, root) : [[root, []]];
}

/** Whether the text is a bare list `{"deny": […], "allow": […]}`. Its meaning depends on the verdict of the rule that it belongs to. */
const isBareList = (root: Node): boolean => {
  const keys = membersOf(root).map(({ key }) => key);
  return keys.length > 0 && keys.every(key => key === 'deny' || key === 'allow');
};

function bareList(reading: Reading, root: Node): readonly PlacedNode[] {
  const denied = membersOf(root).find(({ key }) => key === 'deny');
  reading.error(
    denied?.keyNode.offset ?? root.offset,
    'a list of deny and allow is no policy: the verdict of its rule says which side is the exception; and microagent knows no "deny"',
    'for microagent, remove "deny"; for OrcaRouter, write { "rules": [ { "verdict": "deny", "stage": "egress", "egress": { … } } ] }',
  );
  return [];
}

function readPolicy(reading: Reading, node: Node, path: DocumentPath): FirewallPolicy | null {
  if (node.type !== 'object') {
    reading.error(node.offset, 'a policy is an object', 'write it as { "name": …, "rules": [ … ] }');
    return null;
  }
  const members = reading.members(node, POLICY_KEYS, 'a policy');
  const written = members.get('default_verdict');
  const rules = reading.typed(members.get('rules'), 'array');
  return {
    ...reading.place(node.offset),
    path,
    name: reading.string(members.get('name')),
    isEnabled: reading.boolean(members.get('enabled'), true),
    isDefault: reading.boolean(members.get('is_default'), false),
    defaultVerdict: reading.word(written, DEFAULT_VERDICTS) ?? 'audit',
    defaultLine: written ? reading.place(written.keyNode.offset).line : null,
    isShadow: reading.boolean(members.get('shadow_mode'), false),
    rules: (rules ? itemsOf(rules, [...path, 'rules']) : []).flatMap(
      ([rule, at], index) => readRule(reading, rule, { path: at, index }) ?? [],
    ),
  };
}

function checkTogether(reading: Reading, policies: readonly FirewallPolicy[]): void {
  const at = (policy: FirewallPolicy): number => reading.offsetOf(policy);
  const names = new Set<string>();
  for (const policy of policies) {
    if (policy.name !== null && names.has(policy.name))
      reading.error(at(policy), `a second policy named "${policy.name}"`, 'rename one of them');
    if (policy.name !== null) names.add(policy.name);
  }
  for (const extra of policies.filter(({ isDefault }) => isDefault).slice(1))
    reading.error(at(extra), 'a second default policy', 'leave "is_default" to one of them');
}
