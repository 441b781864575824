import type { Node } from 'jsonc-parser';
import type { DocumentPath } from '../../../core/policy/dialect.ts';
import { type Member, parseJsonText } from '../../policy-text/json-text.ts';
import { type EgressList, type Rule, STAGES, VERDICT_WORDS } from './policy-model.ts';
import { readList } from './read-list.ts';
import type { Reading } from './reading.ts';

/** Fields that may be a string of JSON, or the value itself. */
const EITHER_FORM = ['egress', 'args_match', 'sanitize', 'sequence'] as const;

const KEYS: ReadonlySet<string> = new Set([
  'id',
  'priority',
  'stage',
  'verdict',
  'tool_name_glob',
  'skill_name_glob',
  'label',
  'notes',
  'cap_cost_cents',
  'policy_id',
  'created_at',
  'updated_at',
  ...EITHER_FORM.flatMap(name => [name, `${name}_json`]),
]);

type Members = ReadonlyMap<string, Member>;

/** Reads one rule; null for anything but a rule, and without a verdict, which is an error. */
export function readRule(
  reading: Reading,
  node: Node,
  { path, index }: { readonly path: DocumentPath; readonly index: number },
): Rule | null {
  if (node.type !== 'object') {
    reading.error(node.offset, 'a rule is an object', 'write it as { "verdict": …, … }');
    return null;
  }
  const members = reading.members(node, KEYS, 'a rule');
  const verdict = reading.word(members.get('verdict'), VERDICT_WORDS);
  const stage = reading.word(members.get('stage'), STAGES) ?? '';
  if (!members.has('verdict')) reading.error(node.offset, 'the rule has no verdict', 'give it a "verdict"');
  if (verdict === 'pending_approval' && stage === 'egress')
    reading.error(
      members.get('verdict')?.value.offset ?? node.offset,
      'pending_approval cannot be pinned to egress: a call that is under way cannot wait',
      'deny it, or pin the rule to another stage',
    );
  const id = idOf(reading, members.get('id'));
  const label = reading.string(members.get('label'));
  const rule = {
    ...reading.place(node.offset),
    index,
    id,
    priority: integer(reading, members.get('priority')) ?? 0,
    name: label !== null && label !== '' ? label : `rule ${id ?? index + 1}`,
    stage,
    toolGlob: reading.string(members.get('tool_name_glob')) ?? '',
    unseen: unseenConditions(reading, members),
    egress: egressOf(reading, members, path),
  };
  return verdict === null ? null : { ...rule, verdict };
}

function idOf(reading: Reading, member: Member | undefined): number | string | null {
  const value: unknown = member?.value.value;
  if (member?.value.type === 'string') return String(value);
  return typeof value === 'number' ? value : (reading.typed(member, 'number'), null);
}

function integer(reading: Reading, member: Member | undefined): number | null {
  const value: unknown = reading.typed(member, 'number')?.value;
  if (typeof value !== 'number') return null;
  if (member && !Number.isSafeInteger(value))
    reading.error(
      member.value.offset,
      `"${member.key}" must be a whole number`,
      'write one without a fraction',
    );
  return value;
}

/** The field in either form. Null if it is missing, null or empty. Both forms at once are an error. */
function declared(reading: Reading, members: Members, name: (typeof EITHER_FORM)[number]): Member | null {
  const [embedded, plain] = [members.get(`${name}_json`), members.get(name)];
  const found = [embedded, plain].filter(member => member !== undefined && !isUnset(member.value));
  if (found.length > 1 && plain)
    reading.error(plain.keyNode.offset, `"${name}" and "${name}_json" both stand there`, 'remove one');
  const [member] = found;
  if (!member) return null;
  if (member === embedded) reading.typed(member, 'string');
  return member;
}

const isUnset = ({ type, value }: Node): boolean => type === 'null' || (type === 'string' && value === '');

function unseenConditions(reading: Reading, members: Members): readonly string[] {
  const skill = reading.string(members.get('skill_name_glob')) ?? '';
  const clauses = (['args_match', 'sequence'] as const).flatMap(name => {
    const member = declared(reading, members, name);
    if (member) checkEmbedded(reading, member);
    return member ? [member.key] : [];
  });
  const action = declared(reading, members, 'sanitize');
  if (action) checkEmbedded(reading, action);
  return skill === '' || skill === '*' ? clauses : ['skill_name_glob', ...clauses];
}

/** Checks that the string holds JSON. */
function checkEmbedded(reading: Reading, { key, value }: Member): void {
  if (value.type !== 'string') return;
  const parsed = parseJsonText(String(value.value), 'json');
  if (parsed.type === 'broken')
    reading.refusal(
      value.offset,
      `"${key}" holds no JSON: ${parsed.why}, at character ${parsed.offset + 1} of the string`,
      'mend the string',
    );
}

function egressOf(reading: Reading, members: Members, path: DocumentPath): EgressList | null {
  const member = declared(reading, members, 'egress');
  return member && readList(reading, member.value, [...path, member.key]);
}
