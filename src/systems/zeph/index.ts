import { standardColumns } from '../../core/log-columns.ts';
import type { JsonObject } from '../../core/event.ts';
import { text } from '../../core/record.ts';
import type { System } from '../system.ts';
import { decodeAudit, decodeEgress, decodeLater, toolOutcome } from './log/decode.ts';
import { discoverZeph, inspectZeph } from './log/discover.ts';
import { zephShapes } from './log/record-shapes.ts';

/** `kind` tells its records apart, and only an AuditEntry has none. Where there is an `event` too, an unknown kind is another system's. */
function decoderOf(record: JsonObject): System['decode'] | null {
  if (record['kind'] === 'egress') return decodeEgress;
  if ('tool' in record && 'command' in record && 'result' in record) return decodeAudit;
  return text(record, 'kind') !== null && text(record, 'event') === null ? decodeLater : null;
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
  dialect: async () => (await import('./policy/dialect.ts')).zephDialect,
  activation: {
    type: 'restart',
    advice: () =>
      'restart required: zeph watches the file and reloads other sections, but copies these lists when its tools are built; only a later decision on an edited host shows that it was started again',
    acknowledges: null,
  },
};
