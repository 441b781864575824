import { createHash } from 'node:crypto';
import type { ChainFault, ChainResult, LogChain } from '../../log-chain.ts';
import { readChainEntry, type ChainEntry } from './chain-entry.ts';

/**
 * Verifies a gateway's log as `aasm audit verify-chain` does: the hash of each entry, then its link to the one before. See "The hash chain"
 * in the README.
 */
export class HashChain implements LogChain {
  #entries = 0;
  #previous: Buffer | null = null;
  #break: ChainFault | null = null;
  #unknown = 0;
  #firstUnknown: ChainFault | null = null;

  /** Adds a line. `line` is null if it was too long to store. Blank lines are skipped. After a break nothing more is checked. */
  add(line: string | null, number: number): void {
    if (this.#break !== null || line?.trim() === '') return;
    const entry = line === null ? { why: 'it is longer than 1 MiB' } : readChainEntry(line);
    if ('why' in entry) return this.#breakAt(number, `the line cannot be read as an entry: ${entry.why}`);
    if (this.#previous && !this.#previous.equals(entry.previousHash)) return this.#breakAt(number, UNLINKED);
    const hash = hashOf(entry);
    if (hash === null) this.#passBy(number, entry.eventType);
    else if (!hash.equals(entry.entryHash)) return this.#breakAt(number, ALTERED);
    this.#previous = entry.entryHash;
    this.#entries += 1;
  }

  result(): ChainResult {
    const type = this.#break ? 'broken' : this.#unknown > 0 ? 'unverified' : 'holds';
    const unknown = { count: this.#unknown, first: this.#firstUnknown };
    return { type, entries: this.#entries, break: this.#break, unknown };
  }

  #breakAt(line: number, why: string): void {
    this.#break = { entry: this.#entries, line, why };
  }

  #passBy(line: number, eventType: string): void {
    this.#unknown += 1;
    this.#firstUnknown ??= {
      entry: this.#entries,
      line,
      why: `the event type ${JSON.stringify(eventType)} is unknown`,
    };
  }
}

const ALTERED =
  'the entry does not hash to what it says: it was altered, or written by a version that hashes otherwise';
const UNLINKED =
  'the entry does not follow the one before it: lines were removed, inserted or moved, or two writers shared the file, whose chains fork without anybody tampering';

/** The numbers of event types in a hash (`aa-core/src/audit.rs`). */
const EVENT_NUMBERS: ReadonlyMap<string, number> = new Map(
  'ToolCallIntercepted PolicyViolation CredentialLeakBlocked ApprovalRequested ApprovalGranted ApprovalDenied BudgetLimitApproached BudgetLimitExceeded ApprovalTimedOut ApprovalRouted ApprovalEscalated AgentForceDeregistered MessageBlocked ToolDispatched A2ACallIntercepted A2AImpersonationAttempted SandboxStarted SandboxFilesystemBlocked SandboxCpuTimeout SandboxOomKilled SandboxTerminated SandboxHostFnRateLimited GovernanceMutation'
    .split(' ')
    .map((name, number) => [name, number]),
);

/** The hash of an entry over all fields but the hash itself; null for an unknown event type. */
function hashOf(entry: ChainEntry): Buffer | null {
  const number = EVENT_NUMBERS.get(entry.eventType);
  if (number === undefined) return null;
  const parts = [
    u64(entry.seq),
    u64(entry.timestampNs),
    u32(number),
    entry.agentId,
    entry.sessionId,
    entry.previousHash,
    Buffer.from(entry.payload),
    ...lineage(entry),
    ...redaction(entry),
    ...prefixed(entry.policyDocId),
  ];
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}

/**
 * The bytes of the lineage fields. A missing field adds no bytes. The organisation is hashed last, although the record has it before the
 * depth.
 */
const lineage = (entry: ChainEntry): readonly Buffer[] => [
  ...(entry.rootAgentId ? [entry.rootAgentId] : []),
  ...(entry.parentAgentId ? [entry.parentAgentId] : []),
  ...prefixed(entry.teamId),
  ...prefixed(entry.delegationReason),
  ...prefixed(entry.spawnedByTool),
  ...(entry.depth === null ? [] : [u32(Number(entry.depth))]),
  ...prefixed(entry.orgId),
];

function redaction({ findings, redactedPayload }: ChainEntry): readonly Buffer[] {
  if (findings.length === 0 && redactedPayload === null) return [];
  return [
    u32(findings.length),
    ...findings.flatMap(({ offset, matched }) => [u64(offset), ...prefixed(matched)]),
    Buffer.from([redactedPayload === null ? 0 : 1]),
    ...prefixed(redactedPayload),
  ];
}

/** A text, preceded by its length in bytes. */
function prefixed(text: string | null): readonly Buffer[] {
  if (text === null) return [];
  const bytes = Buffer.from(text);
  return [u32(bytes.length), bytes];
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function u64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}
