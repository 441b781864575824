import { once } from 'node:events';
import type { FlagLists } from '../../core/policy/flag-entries.ts';
import { MEDIATOR_LIMITS } from '../../mediator/limits.ts';
import { type MediatorFlags, mediatorOptions } from './mediator-flags.ts';
import { envLine } from './env-line.ts';
import type { Reload } from '../../mediator/live-policy.ts';
import type { Mediator } from '../../mediator/start-mediator.ts';
import type { MetricsServer } from '../metrics/serve-metrics.ts';
import { startOwnMediator } from './own-mediator.ts';
import { note, noteProblem, Output } from '../output.ts';

/** Runs the mediator until SIGINT, SIGTERM or SIGHUP. Prints its address and the command to use it. */
export async function mediator(flags: MediatorFlags): Promise<number> {
  process.env['UV_THREADPOOL_SIZE'] = POOL_THREADS;
  const options = await mediatorOptions(flags);
  const asked = Promise.withResolvers<void>();
  const running = await startOwnMediator({
    ...options,
    // A program that starts a mediator for itself has other ways to hear of a reload.
    ...(flags.untilStdinEnds !== true && { policyReloaded: tellReload }),
    stopAsked: asked.resolve,
  });
  const stopped = stopSignal(); // the handler must be set before anyone knows that the mediator is up
  const ruledBy =
    options.mode === 'off'
      ? ': it rules on nothing'
      : `, policy ${[options.policyPath, running.revision(), ...flagWords(options.flags)].join(' ')}`;
  const metrics = await metricsOf(flags.metrics, running);
  const output = new Output();
  await output.text(
    [
      `listening on ${running.address} (${options.mode})${ruledBy}`,
      `audit log ${running.auditPath}, socket ${running.socketPath}`,
      ...(metrics ? [`metrics ${metrics.url}`] : []),
      'send a program through it:',
      `  egresstop run -- COMMAND`,
      `or all programs of a shell:`,
      `  ${envLine(running.socketPath)}`,
      '',
    ].join('\n'),
  );
  const noLongerWanted = (): Promise<void> => stdinEnd().then(() => running.released());
  await Promise.race([stopped, asked.promise, ...(flags.untilStdinEnds === true ? [noLongerWanted()] : [])]);
  await metrics?.close();
  await running.stop();
  return 0;
}

/** Says on stderr whether a changed policy file is in force. */
function tellReload(reload: Reload): void {
  if (reload.type === 'applied') return note(`the policy is in force as ${reload.inForce.revision}`);
  reload.problems.forEach(noteProblem);
  note('the policy file is rejected; the old policy stays in force');
}

/** Starts the metrics endpoint if asked for. On failure it stops the mediator. */
async function metricsOf(address: string | undefined, running: Mediator): Promise<MetricsServer | null> {
  if (address === undefined) return null;
  const [{ serveMetrics }, { metricsText }] = await Promise.all([
    import('../metrics/serve-metrics.ts'),
    import('../metrics/metrics-text.ts'),
  ]);
  try {
    return await serveMetrics(address, () => metricsText(running.figures()));
  } catch (error) {
    await running.stop();
    throw error;
  }
}

/** The entries of the command line as flags. */
const flagWords = ({ allow, passthrough }: FlagLists): readonly string[] => [
  ...allow.map(entry => `--allow ${entry}`),
  ...passthrough.map(entry => `--passthrough ${entry}`),
];

/**
 * Name lookups may block half of the threads, so the pool is large enough for every agent's share. Node reads this at the pool's first use.
 */
const POOL_THREADS = String(2 * MEDIATOR_LIMITS.lookups);

/**
 * Resolves when the standard input ends, that is, when the program that started this one has ended. Either way it destroys the stream,
 * which would otherwise keep the process alive.
 */
async function stdinEnd(): Promise<void> {
  process.stderr.on('error', () => {}); // no one reads it
  process.stdin.resume().unref();
  await once(process.stdin, 'end');
}

async function stopSignal(): Promise<void> {
  const stop = new AbortController();
  const { signal } = stop;
  await Promise.race((['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map(name => once(process, name, { signal })));
  stop.abort();
}
