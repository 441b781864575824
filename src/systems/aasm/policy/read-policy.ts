import { isScalar, type Node } from 'yaml';
import type { DocumentPath, Entry, RuleMark } from '../../../core/policy/dialect.ts';
import { isError, type Problem } from '../../../core/problem.ts';
import { grantEnd } from '../../policy-text/grant-comment.ts';
import { checkShape, ownShape } from './check-section.ts';
import { checkValues } from './check-values.ts';
import { describeNode, PolicyReading, type Member } from './policy-reading.ts';
import { ENVELOPE_TEXTS, METADATA_TEXTS, SECTIONS } from './sections.ts';
import { itemsOf, memberOf, textOf } from './yaml-values.ts';

/** The parts of a policy document that egresstop rules by. */
export interface FoundPolicy {
  /** The path of the sections: `spec` in the enveloped form, else the root. */
  readonly root: DocumentPath;
  /** Null if the policy does not rule on hosts. */
  readonly network: Network | null;
  readonly capabilities: { readonly allow: readonly Named[]; readonly deny: readonly Named[] };
  readonly tools: ReadonlyMap<string, ToolRule>;
  /** Sections that exist and are not evaluated, although they may change a ruling. */
  readonly unevaluated: readonly string[];
  readonly problems: readonly Problem[];
}

/** The section with the list of hosts. An empty list matches none. */
export interface Network {
  readonly mark: RuleMark;
  readonly column: number;
  readonly entries: readonly Entry[];
}

interface Named {
  readonly name: string;
  readonly mark: RuleMark;
}

interface ToolRule {
  readonly isAllowed: boolean;
  readonly mark: RuleMark;
}

/** Reads a policy text in either form, as `aasm policy validate` does (README, "Policy"). */
export function readPolicy(text: string, path: string): FoundPolicy {
  const reading = new PolicyReading(text, path);
  if (reading.problems.length > 0) return nothing(reading);
  const { root } = reading;
  const members = reading.members(reading.follow(root));
  if (!members) {
    const why = `(document) — YAML parse error: invalid type: ${describeNode(reading.follow(root))}, expected struct RawPolicyDocument`;
    reading.error(root ?? 0, why, 'write the sections as keys, as `network:` with `allowlist:` below it');
    return nothing(reading);
  }
  const spec = members.find(({ key }) => key === 'spec');
  return spec?.value ? enveloped(reading, members, spec.value) : sectionsOf(reading, members, []);
}

const nothing = ({ problems }: PolicyReading): FoundPolicy => ({
  root: [],
  network: null,
  capabilities: { allow: [], deny: [] },
  tools: new Map(),
  unevaluated: [],
  problems,
});

function enveloped(reading: PolicyReading, members: readonly Member[], spec: Node): FoundPolicy {
  for (const { key, keyNode } of members) if (!ENVELOPE_KEYS.has(key)) beside(reading, key, keyNode);
  checkEnvelope(reading, members);
  const sections = reading.members(spec);
  if (sections) return sectionsOf(reading, sections, ['spec']);
  const why = `(document) — YAML parse error: invalid type: ${describeNode(spec)}, expected struct RawPolicyDocument`;
  reading.error(spec, why, 'put the sections under `spec:`');
  return nothing(reading);
}

const ENVELOPE_KEYS = new Set<string>([...ENVELOPE_TEXTS, 'metadata', 'spec']);

/** Warns of a key beside `spec`. In the enveloped form the gateway silently ignores such keys. */
function beside(reading: PolicyReading, key: string, at: Node): void {
  const isSection = ownShape(SECTIONS, key) !== null;
  const effect = isSection ? 'what it restricts is not restricted' : 'it has no effect';
  reading.error(
    at,
    `${key} — stands beside 'spec', where the gateway drops it without a word: ${effect}`,
    isSection ? `move it under \`spec:\`` : 'remove it',
  );
}

/** Checks the envelope. If one of its texts is a number, the gateway sees no envelope and refuses `spec` as an unknown key. */
function checkEnvelope(reading: PolicyReading, members: readonly Member[]): void {
  const metadata = members.find(({ key }) => key === 'metadata')?.value ?? null;
  const inner = reading.members(metadata);
  if (metadata && !inner) notText(reading, { field: 'metadata', node: metadata }, 'a map');
  const texts = [
    ...members.filter(({ key }) => (ENVELOPE_TEXTS as readonly string[]).includes(key)),
    ...(inner ?? [])
      .filter(({ key }) => (METADATA_TEXTS as readonly string[]).includes(key))
      .map(member => ({ ...member, key: `metadata.${member.key}` })),
  ];
  for (const { key, value } of texts)
    if (value && textOf(value) === null) notText(reading, { field: key, node: value }, 'a text');
}

function notText(
  reading: PolicyReading,
  { field, node }: { readonly field: string; readonly node: Node },
  wanted: string,
): void {
  reading.error(
    node,
    `${field} — must be ${wanted}: else the gateway does not take this for an envelope, and rejects 'spec' as an unknown top-level key`,
    wanted === 'a text' ? 'put it in quotes' : 'write its keys below it',
  );
}

function sectionsOf(reading: PolicyReading, members: readonly Member[], root: DocumentPath): FoundPolicy {
  for (const member of members) checkSection(reading, member);
  if (reading.problems.some(isError)) return nothing(reading);
  const section = (key: string): Node | null => members.find(member => member.key === key)?.value ?? null;
  return {
    root,
    network: networkOf(
      reading,
      members.find(({ key }) => key === 'network'),
      root,
    ),
    capabilities: {
      allow: named(reading, memberOf(reading, section('capabilities'), 'allow'), 'capabilities.allow'),
      deny: named(reading, memberOf(reading, section('capabilities'), 'deny'), 'capabilities.deny'),
    },
    tools: toolsOf(reading, section('tools')),
    unevaluated: unevaluatedIn(reading, section),
    problems: reading.problems,
  };
}

/** The sections that can deny a listed host, and that only the gateway evaluates (README, "Simulation"). */
function unevaluatedIn(reading: PolicyReading, section: (key: string) => Node | null): readonly string[] {
  const tools = reading.members(section('tools')) ?? [];
  const isSet = (key: string): boolean => tools.some(({ value }) => memberOf(reading, value, key) !== null);
  return [
    ...(section('schedule') ? ['schedule'] : []),
    ...(section('budget') ? ['budget'] : []),
    ...(isSet('limit_per_hour') ? ['rate limits'] : []),
    ...(isSet('requires_approval_if') ? ['approval expressions'] : []),
    ...(section('data') ? ['data'] : []),
  ];
}

function checkSection(reading: PolicyReading, member: Member): void {
  const { key, keyNode, value } = member;
  const shape = ownShape(SECTIONS, key);
  if (shape === null) return unknownSection(reading, key, keyNode);
  const before = reading.problems.length;
  checkShape(reading, { field: key, node: value }, shape);
  if (reading.problems.length === before) checkValues(reading, member);
}

const RULE_LIST =
  "rules — unsupported rule-list policy schema (top-level 'rules:'); the gateway uses a section-based schema (network/schedule/budget/data/tools/capabilities) and refuses to load this document to avoid an allow-all fallback";
const KEYS =
  'version, scope, network, schedule, budget, data, tools, capabilities, filesystem, syscalls, approval_timeout_secs, approval';

function unknownSection(reading: PolicyReading, key: string, at: Node): void {
  if (key === 'rules') return reading.error(at, RULE_LIST, 'write the hosts under `network.allowlist`');
  const why = `${key} — unknown top-level key '${key}'; valid keys are: ${KEYS}`;
  reading.error(at, why, 'mend its spelling, or remove it');
}

/** The network section. A missing section, or one without a value, rules on no host; an empty one denies every host. */
function networkOf(reading: PolicyReading, member: Member | undefined, root: DocumentPath): Network | null {
  if (!member) return null;
  if (member.value === null) {
    reading.warn(
      member.keyNode,
      'network — nothing stands behind it, which restricts nothing: every host is let through',
      'write `allowlist:` below it, or remove it',
    );
    return null;
  }
  const list = reading.members(member.value)?.find(({ key }) => key === 'allowlist');
  const { line, column } = reading.placeOf(list?.keyNode ?? member.keyNode);
  const entries = itemsOf(reading, list?.value ?? null).flatMap(({ node, text }): Entry[] =>
    text === null
      ? []
      : [
          {
            list: 'allow',
            text,
            ...reading.placeOf(node),
            until: grantEnd(reading.text, node.range?.[1] ?? 0),
          },
        ],
  );
  const name = [...root, 'network', 'allowlist'].join('.');
  return { mark: { name, line }, column, entries };
}

const named = (reading: PolicyReading, list: Node | null, name: string): readonly Named[] =>
  itemsOf(reading, list).flatMap(({ node, text }) =>
    text === null ? [] : [{ name: text, mark: { name, line: reading.placeOf(node).line } }],
  );

function toolsOf(reading: PolicyReading, tools: Node | null): ReadonlyMap<string, ToolRule> {
  const rules = (reading.members(tools) ?? []).map(({ key, keyNode, value }): [string, ToolRule] => {
    const allow = memberOf(reading, value, 'allow');
    const mark = { name: `tools.${key}`, line: reading.placeOf(keyNode).line };
    return [key, { isAllowed: isScalar(allow) && allow.value === true, mark }];
  });
  return new Map(rules);
}
