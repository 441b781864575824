import type { EgressEvent, JsonObject } from '../../core/event.ts';
import { standardColumns } from '../../core/log-columns.ts';
import type { System } from '../system.ts';
import { advice } from './policy/advice.ts';
import { readCompleteness } from './log/completeness.ts';
import { decodeGateway } from './log/decode-gateway.ts';
import { decodeProxy } from './log/decode-proxy.ts';
import { decodeReplay } from './log/decode-replay.ts';
import { discoverAasm } from './log/discover.ts';
import { replayedAction } from './log/replay-action.ts';

/**
 * The decoder for the record's shape (README, "Records"). The REST form is a chain entry without hashes. Its agent has 32 hex digits, which
 * a replay event's agent has not.
 */
function decoderOf(record: JsonObject): System['decode'] | null {
  if ('entry_hash' in record && 'timestamp_ns' in record) return decodeGateway;
  if ('ts_ms' in record && 'decision' in record) return decodeProxy;
  const { event_type, payload, agent_id, timestamp } = record;
  if (event_type === undefined || typeof payload !== 'string' || typeof agent_id !== 'string') return null;
  return typeof timestamp === 'string' && /^[0-9a-f]{32}$/i.test(agent_id) ? decodeGateway : decodeReplay;
}

/**
 * Whether a record can prove an edit. A record of the proxy that let a request through cannot: the proxy does not read the file (README,
 * "Activation"). A replay event cannot either.
 */
const canProve = ({ raw, verdict }: EgressEvent): boolean => {
  const decoder = decoderOf(raw);
  return decoder === decodeGateway || (decoder === decodeProxy && verdict === 'deny');
};

/**
 * agent-assembly. Its gateway writes a hash-chained log, its proxy logs only denials and findings, and its simulation reads replay files.
 */
export const aasm: System = {
  name: 'aasm',
  recognises: record => decoderOf(record) !== null,
  decode: (record, origin) => (decoderOf(record) ?? decodeReplay)(record, origin),
  shapes: [],
  columns: standardColumns,
  replay: event => (decoderOf(event.raw) === decodeReplay ? replayedAction(event) : null),
  agentAt: () => null,
  discover: discoverAasm,
  inspect: async () => [],
  mayRead: (text, path) => /\.ya?ml$/i.test(path) && !/^(?:allow|passthrough)[ \t]*:(?=\s|$)/m.test(text),
  dialect: async () => (await import('./policy/dialect.ts')).aasmDialect,
  activation: { type: 'none', advice, acknowledges: null, canProve },
  partialLogs: {
    wrote: record => decoderOf(record) === decodeProxy,
    holds: 'denials and findings only',
    sidecarOf: log => `${log}.completeness.json`,
    completeness: readCompleteness,
  },
  stream: async () => (await import('./stream/audit-stream.ts')).auditStream,
  chain: async () => new (await import('./log/hash-chain.ts')).HashChain(),
};
