import { standardColumns } from '../../core/log-columns.ts';
import type { JsonObject } from '../../core/event.ts';
import { text } from '../../core/record.ts';
import type { System } from '../system.ts';
import { decodeAudit, decodeEgress, decodeLater, toolOutcome } from './log/decode.ts';
import { discoverZeph, inspectZeph } from './log/discover.ts';
import { zephShapes } from './log/record-shapes.ts';

/** Fields of an EgressEvent (`crates/zeph-tools/src/audit.rs`). Those before `status` are always present. */
const OWN_KEYS = [
  'timestamp',
  'correlation_id',
  'tool',
  'url',
  'host',
  'method',
  'duration_ms',
  'response_bytes',
  'status',
  'blocked',
  'caller_id',
];
/** Fields in which other products state a ruling. zeph has `blocked` and `status` instead. */
const FOREIGN_KEYS = ['event', 'verdict', 'decision', 'action', 'allowed'];
/** The number of such fields that identifies a record with a `kind`. */
const FIELDS_ENOUGH = 3;

/**
 * The decoder of a record. zeph's records have a `kind`, except the AuditEntry. A `kind` alone proves nothing, because many products write
 * one.
 */
function decoderOf(record: JsonObject): System['decode'] | null {
  if ('tool' in record && 'command' in record && 'result' in record) return decodeAudit;
  if (text(record, 'kind') === null || FOREIGN_KEYS.some(key => key in record)) return null;
  if (OWN_KEYS.filter(key => key in record).length < FIELDS_ENOUGH) return null;
  return record['kind'] === 'egress' ? decodeEgress : decodeLater;
}

/** An agent. Its fetch tools log one line for each request, and one audit line for each tool call, into the same file. */
export const zeph: System = {
  name: 'zeph',
  recognises: record => decoderOf(record) !== null,
  decode: (record, origin) => (decoderOf(record) ?? decodeLater)(record, origin),
  shapes: zephShapes,
  columns: standardColumns,
  outcome: toolOutcome,
  agentAt: () => null,
  discover: discoverZeph,
  inspect: inspectZeph,
  mayRead: (_, path) => /\.toml$/i.test(path),
  dialect: async () => (await import('./policy/dialect.ts')).zephDialect,
  activation: {
    type: 'restart',
    advice: () =>
      'restart required: zeph watches the file and reloads other sections, but copies these lists when its tools are built; only a later decision on an edited host shows that it was started again',
    acknowledges: null,
  },
};
