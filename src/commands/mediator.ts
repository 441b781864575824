import { once } from 'node:events';
import { type MediatorFlags, mediatorOptions } from './mediator-flags.ts';
import { startOwnMediator } from './own-mediator.ts';
import { Output } from './output.ts';

/** Runs the embedded mediator until it is told to stop (SIGINT, SIGTERM, SIGHUP). Prints where it listens and what to paste. */
export async function mediator(flags: MediatorFlags): Promise<number> {
  const options = await mediatorOptions(flags);
  const running = await startOwnMediator(options);
  const output = new Output();
  await output.text(
    [
      `listening on ${running.address} (${options.mode}), policy ${options.policyPath} ${running.revision()}`,
      `audit log ${running.auditPath}, socket ${running.socketPath}`,
      'send a program through it:',
      `  egresstop run -- COMMAND`,
      `or by hand:`,
      `  export HTTPS_PROXY=http://AGENT:TOOL@${running.address} HTTP_PROXY=http://AGENT:TOOL@${running.address} NODE_EXTRA_CA_CERTS=${running.certificatePath}`,
      '',
    ].join('\n'),
  );
  await (flags.untilStdinEnds === true ? Promise.race([stopSignal(), stdinEnd()]) : stopSignal());
  await running.stop();
  return 0;
}

/** Whoever started us has gone. The stream is let go in any case: held, it would keep the process from ending. */
async function stdinEnd(): Promise<void> {
  process.stdin.resume().unref();
  await once(process.stdin, 'end');
}

async function stopSignal(): Promise<void> {
  const stop = new AbortController();
  const { signal } = stop;
  await Promise.race((['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map(name => once(process, name, { signal })));
  stop.abort();
}
