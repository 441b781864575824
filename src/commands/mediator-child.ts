import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { readHello, type MediatorHello } from '../systems/egresstop/read-hello.ts';
import { Failure } from './failure.ts';

/** A mediator in a process of its own. */
export interface MediatorChild {
  readonly hello: MediatorHello;
  /** Ends it and waits until it has. */
  readonly stop: () => Promise<void>;
}

/** How long a mediator may take to start, ms, and how often it is asked whether it has. */
const START_WITHIN_MS = 10_000;
const ASK_MS = 20;

/** Starts `egresstop mediator` with these flags and waits for its hello on the socket. It ends with this process at the latest. */
export async function startMediatorChild(socket: string, flags: readonly string[]): Promise<MediatorChild> {
  const program = fileURLToPath(new URL('../cli.js', import.meta.url));
  const child = spawn(
    process.execPath,
    [program, 'mediator', '--until-stdin-ends', '--socket', socket, ...flags],
    {
      stdio: ['pipe', 'ignore', 'pipe'], // its standard input ends with this process, however that ends
      detached: true, // Ctrl-C in the dashboard is the dashboard's own
    },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4_096)));
  const end = (): boolean => child.kill('SIGTERM');
  process.once('exit', end);
  const hello = await greeted(socket, () => child.exitCode !== null);
  if (!hello) {
    end();
    throw new Failure(
      `the mediator could not be started: ${said.trim() || 'it did not answer on its socket'}`,
    );
  }
  return {
    hello,
    stop: async () => {
      process.off('exit', end);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      end();
      await ended;
    },
  };
}

/** The hello, as soon as there is one; null when the process has ended or is too slow. */
async function greeted(socket: string, hasEnded: () => boolean): Promise<MediatorHello | null> {
  const deadline = Date.now() + START_WITHIN_MS;
  while (Date.now() < deadline && !hasEnded()) {
    const hello = await readHello(socket);
    if (hello) return hello;
    await new Promise(resolve => setTimeout(resolve, ASK_MS));
  }
  return null;
}
