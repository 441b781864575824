import type { RecordShape } from '../../../core/record-shape.ts';

/**
 * The shape of a firewall row (README, "Records"). A destination makes it a row of the egress surface. Its URL is used only if it has no
 * host.
 */
export const rowShape: RecordShape = {
  system: 'orcarouter',
  required: ['surface', 'verdict'],
  parts: {
    ruling: ['surface', 'verdict', 'reason', 'egress_host', 'egress_url'],
    host: ['egress_host', 'egress_url', 'reason'],
    tool: ['tool_name'],
    agent: ['token_name', 'agent_run_id'],
  },
  standIns: { egress_url: ['egress_host'], agent_run_id: ['token_name'] },
  silent: [
    'id',
    'policy_name',
    'rule_label',
    'request_id',
    'conversation_id',
    'step_id',
    'parent_step_id',
    'skill_name',
    'model_name',
    'args_summary',
    'gap',
    'quarantine',
  ],
  time: { key: 'created_at', isUnix: true },
  measured: {},
};
