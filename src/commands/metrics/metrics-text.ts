import type { MediatorFigures } from '../../mediator/mediator-figures.ts';
import { familiesText, gauge, type Family } from './families.ts';

/** A mediator's figures in Prometheus' format, without names of hosts, agents and tools. */
export function metricsText(figures: MediatorFigures): string {
  const { allow, deny, error, pending } = figures.decisions;
  const families: readonly Family[] = [
    {
      name: 'egresstop_decisions_total',
      type: 'counter',
      help: 'Attempts that the mediator ruled on since it started.',
      samples: [
        ['{verdict="allow"}', allow],
        ['{verdict="deny"}', deny],
        ['{verdict="error"}', error],
      ],
    },
    gauge('egresstop_pending_attempts', 'Attempts that wait for an answer.', pending),
    gauge('egresstop_connections', 'Connections that are open now.', figures.connections),
    gauge(
      'egresstop_audit_log_ok',
      '1 while the audit log can be written, else 0.',
      figures.isAuditWritten ? 1 : 0,
    ),
    gauge(
      'egresstop_policy_ok',
      '1 while the policy file as it stands is in force, 0 while it is gone or rejected.',
      figures.isPolicyRejected ? 0 : 1,
    ),
    gauge('egresstop_uptime_seconds', 'Seconds since the mediator started.', figures.uptimeMs / 1000),
  ];
  return familiesText(families);
}
