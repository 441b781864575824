import type { MediatorFigures } from '../../mediator/mediator-figures.ts';

/** A family of metrics in the text format of Prometheus (version 0.0.4). Labels have values from a fixed list only. */
interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly samples: readonly (readonly [labels: string, value: number])[];
}

/** The figures of a mediator for Prometheus. No name of a host, agent or tool is among them. */
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
    gauge('egresstop_uptime_seconds', 'Seconds since the mediator started.', figures.uptimeMs / 1000),
  ];
  return families.map(familyText).join('');
}

const gauge = (name: string, help: string, value: number): Family => ({
  name,
  type: 'gauge',
  help,
  samples: [['', value]],
});

const familyText = ({ name, type, help, samples }: Family): string =>
  [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...samples.map(([labels, value]) => `${name}${labels} ${value}`),
    '',
  ].join('\n');
