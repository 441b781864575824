import { standardColumns } from '../../core/log-columns.ts';
import type { System } from '../system.ts';
import { configFiles, discoverPipelock } from './config-files.ts';
import { decodeEvidence, isEvidence } from './log/evidence.ts';
import { decodePipelock, isPipelock, tookUp } from './log/decode.ts';

/** pipelock, a proxy. It logs one record for each request, and one for each finding of a scanner. */
export const pipelock: System = {
  name: 'pipelock',
  recognises: record => isPipelock(record) || isEvidence(record),
  decode: (record, origin) => (isEvidence(record) ? decodeEvidence : decodePipelock)(record, origin),
  chain: async () => new (await import('./log/receipt-chain.ts')).ReceiptChain(),
  shapes: [],
  columns: standardColumns,
  agentAt: () => null,
  discover: discoverPipelock,
  inspect: async () => [],
  policies: configFiles,
  mayRead: (text, path) =>
    /\.ya?ml$/i.test(path) &&
    /api_allowlist|fetch_proxy|forward_proxy|tls_interception|mcp_tool_scanning/.test(text),
  dialect: async () => (await import('./policy/dialect.ts')).pipelockDialect,
  activation: {
    type: 'restart',
    advice: () => 'reloaded by pipelock when the file changes: its config_reload record acknowledges it',
    acknowledges: tookUp,
  },
};
