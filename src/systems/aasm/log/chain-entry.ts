import { parseTree, type Node } from 'jsonc-parser';
import type { JsonObject } from '../../../core/event.ts';
import { isObject } from '../../../core/record.ts';
import { jsonFault } from '../../../core/text/json-fault.ts';
import { bytesIn } from './bytes.ts';

/** An entry of the gateway's chain with all fields that its hash covers (`aa-core/src/audit.rs`). Missing fields are null. */
export interface ChainEntry {
  readonly seq: bigint;
  readonly timestampNs: bigint;
  readonly eventType: string;
  readonly agentId: Buffer;
  readonly sessionId: Buffer;
  readonly payload: string;
  readonly previousHash: Buffer;
  readonly entryHash: Buffer;
  readonly rootAgentId: Buffer | null;
  readonly parentAgentId: Buffer | null;
  readonly teamId: string | null;
  readonly orgId: string | null;
  readonly delegationReason: string | null;
  readonly spawnedByTool: string | null;
  readonly depth: bigint | null;
  readonly findings: readonly { readonly offset: bigint; readonly matched: string }[];
  readonly redactedPayload: string | null;
  readonly policyDocId: string | null;
}

/** The fault of a malformed entry. Thrown and caught only in this file. */
class Misread extends Error {}

/** Parses an entry from its line. 64-bit numbers are read from the text, because `JSON.parse` rounds them. */
export function readChainEntry(line: string): ChainEntry | { readonly why: string } {
  try {
    const record: unknown = JSON.parse(line);
    const tree = parseTree(line);
    if (!isObject(record) || !tree) throw new Misread('not a JSON object');
    return entryOf({ record, tree, line });
  } catch (error) {
    if (error instanceof Misread) return { why: error.message };
    if (error instanceof SyntaxError) return { why: `not JSON: ${jsonFault(line)?.why ?? error.message}` };
    throw error;
  }
}

const ID = 16;
const HASH = 32;

/** An object: its parsed values, and the place of each value in the text. */
interface Written {
  readonly record: JsonObject;
  readonly tree: Node;
  readonly line: string;
}

function entryOf(written: Written): ChainEntry {
  const { maybeText, maybeBytes, number } = fieldsOf(written);
  return {
    seq: required('seq', number('seq', 64)),
    timestampNs: required('timestamp_ns', number('timestamp_ns', 64)),
    eventType: required('event_type', maybeText('event_type')),
    agentId: required('agent_id', maybeBytes('agent_id', ID)),
    sessionId: required('session_id', maybeBytes('session_id', ID)),
    payload: required('payload', maybeText('payload')),
    previousHash: required('previous_hash', maybeBytes('previous_hash', HASH)),
    entryHash: required('entry_hash', maybeBytes('entry_hash', HASH)),
    rootAgentId: maybeBytes('root_agent_id', ID),
    parentAgentId: maybeBytes('parent_agent_id', ID),
    teamId: maybeText('team_id'),
    orgId: maybeText('org_id'),
    delegationReason: maybeText('delegation_reason'),
    spawnedByTool: maybeText('spawned_by_tool'),
    depth: number('depth', 32),
    findings: findingsOf(written),
    redactedPayload: maybeText('redacted_payload'),
    policyDocId: maybeText('policy_doc_id'),
  };
}

function required<Value>(name: string, value: Value | null): Value {
  if (value === null) throw new Misread(`${name} is missing`);
  return value;
}

/** Typed access to the fields of an object; null for a missing or null field. */
interface Fields {
  readonly maybeText: (name: string) => string | null;
  readonly maybeBytes: (name: string, length: number) => Buffer | null;
  readonly number: (name: string, bits: number) => bigint | null;
}

function fieldsOf({ record, tree, line }: Written): Fields {
  const nodes = nodesOf(tree);
  const at = (name: string): unknown => (Object.hasOwn(record, name) ? record[name] : null) ?? null;
  return {
    maybeText: name => {
      const value = at(name);
      if (value !== null && typeof value !== 'string') throw new Misread(`${name} is not a text`);
      return value;
    },
    maybeBytes: (name, length) => bytesOf(name, at(name), length),
    number: (name, bits) =>
      at(name) === null ? null : digitsOf({ name, node: nodes.get(name), bits }, line),
  };
}

/** The values of an object by key. Duplicate keys are a fault, because their meaning is ambiguous and the gateway refuses them. */
function nodesOf(tree: Node): ReadonlyMap<string, Node> {
  const nodes = new Map<string, Node>();
  for (const { children } of tree.children ?? []) {
    const [key, value] = children ?? [];
    if (!key || !value) continue;
    const name = String(key.value);
    if (nodes.has(name)) throw new Misread(`${name} stands there twice`);
    nodes.set(name, value);
  }
  return nodes;
}

interface NumberField {
  readonly name: string;
  readonly node: Node | undefined;
  readonly bits: number;
}

function digitsOf({ name, node, bits }: NumberField, line: string): bigint {
  const text = node ? line.slice(node.offset, node.offset + node.length) : '';
  const value = /^(?:0|[1-9]\d{0,19})$/.test(text) ? BigInt(text) : null;
  if (value === null || value >> BigInt(bits) !== 0n)
    throw new Misread(`${name} is not a whole number of ${bits} bits`);
  return value;
}

function findingsOf({ record, tree, line }: Written): ChainEntry['findings'] {
  const list = record['credential_findings'] ?? [];
  const nodes = nodesOf(tree).get('credential_findings')?.children ?? [];
  if (!Array.isArray(list)) throw new Misread('credential_findings is not a list');
  return list.map((finding: unknown, index) => {
    const node = nodes[index];
    if (!isObject(finding) || !node) throw new Misread('a credential finding is not an object');
    const { maybeText, number } = fieldsOf({ record: finding, tree: node, line });
    required('kind', finding['kind'] ?? null);
    return {
      offset: required('offset', number('offset', 64)),
      matched: required('matched', maybeText('matched')),
    };
  });
}

function bytesOf(name: string, value: unknown, length: number): Buffer | null {
  if (value === null) return null;
  const bytes = bytesIn(value, length);
  if (bytes === null) throw new Misread(`${name} is not a list of ${length} bytes`);
  return bytes;
}
