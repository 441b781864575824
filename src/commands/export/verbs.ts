import type { Command } from 'commander';
import type { Done } from '../policy/verbs.ts';

/** `export`: records for other programs. */
export function exportVerbs(program: Command, withSources: (command: Command) => Command, done: Done): void {
  const verb = program.command('export').description('send records to other programs');
  withSources(
    verb.command('otlp').description('send records as log records of OpenTelemetry, over OTLP/HTTP'),
  )
    .option('--endpoint <url>', 'the receiver (OTEL_EXPORTER_OTLP_ENDPOINT; default http://localhost:4318)')
    .option('-f, --follow', 'go on with new records')
    .action(async (sources: string[], options) => {
      const { exportOtlp } = await import('./otlp.ts');
      done(await exportOtlp(sources, options));
    });
}
