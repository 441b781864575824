import { standardColumns } from '../../core/log-columns.ts';
import type { JsonObject } from '../../core/event.ts';
import { text } from '../../core/record.ts';
import type { System } from '../system.ts';
import { decodeAudit, decodeEgress, decodeLater, toolOutcome } from './log/decode.ts';
import { discoverZeph, inspectZeph } from './log/discover.ts';
import { zephShapes } from './log/record-shapes.ts';

/** Fields of an EgressEvent (`crates/zeph-tools/src/audit.rs`). Those before `status` are in every one. */
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
/** Fields in which other products state a ruling. zeph has none of them: it says `blocked` and `status`. */
const FOREIGN_KEYS = ['event', 'verdict', 'decision', 'action', 'allowed'];
/** So many of its own fields beside a `kind` are no accident. */
const FIELDS_ENOUGH = 3;

/** `kind` tells its records apart, and only an AuditEntry has none. A `kind` alone proves nothing: many products write one. */
function decoderOf(record: JsonObject): System['decode'] | null {
  if ('tool' in record && 'command' in record && 'result' in record) return decodeAudit;
  if (text(record, 'kind') === null || FOREIGN_KEYS.some(key => key in record)) return null;
  if (OWN_KEYS.filter(key => key in record).length < FIELDS_ENOUGH) return null;
  return record['kind'] === 'egress' ? decodeEgress : decodeLater;
}

/** An agent whose fetch tools write one egress line per request and one audit line per tool call into the same file. */
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
