import type { RecordShape } from '../../../core/record-shape.ts';

/** The shape of an EgressEvent. Its URL is used only if it has no host. */
const egress: RecordShape = {
  system: 'zeph',
  required: ['kind'],
  parts: {
    ruling: ['kind', 'blocked', 'block_reason'],
    host: ['host', 'url'],
    tool: ['tool'],
    agent: ['caller_id'],
  },
  standIns: { url: ['host'] },
  silent: ['correlation_id', 'method', 'skill_name', 'hop'],
  time: { key: 'timestamp', isUnix: true },
  measured: { bytes: 'response_bytes', durationMs: 'duration_ms', status: 'status' },
};

/** The shape of an AuditEntry, which is only counted. */
const audit: RecordShape = {
  system: 'zeph',
  required: ['tool', 'command', 'result'],
  parts: { ruling: [], host: [], tool: ['tool'], agent: ['caller_id'] },
  standIns: {},
  silent: [
    'command',
    'result',
    'correlation_id',
    'error_category',
    'error_domain',
    'error_phase',
    'claim_source',
    'mcp_server_id',
    'injection_flagged',
    'embedding_anomalous',
    'cross_boundary_mcp_to_acp',
    'adversarial_policy_decision',
    'exit_code',
    'truncated',
    'policy_match',
    'vigil_risk',
    'execution_env',
    'resolved_cwd',
    'scope_at_definition',
    'scope_at_dispatch',
    'skill_name',
    'source_kind',
    'trust_level',
  ],
  time: { key: 'timestamp', isUnix: true },
  measured: { durationMs: 'duration_ms' },
};

export const zephShapes: readonly RecordShape[] = [egress, audit];
