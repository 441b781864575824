import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process of the bench that answers messages. */
export interface Forked {
  readonly pid: number;
  /** Sends a message and waits for the answer. Throws when the process ends without one. */
  readonly ask: (message: object) => Promise<unknown>;
  readonly end: () => Promise<void>;
}

/** Starts a file of this folder, and waits until it says that it is ready. */
export async function forked(file: string, args: readonly string[]): Promise<Forked> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, {
    env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
  });
  await answerOf(child, file);
  return {
    pid: child.pid ?? 0,
    ask: message => {
      child.send(message);
      return answerOf(child, file);
    },
    end: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.disconnect();
      const killing = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(killing);
    },
  };
}

async function answerOf(child: ChildProcess, file: string): Promise<unknown> {
  const stop = new AbortController();
  const { signal } = stop;
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(([message]: unknown[]) => message),
      once(child, 'exit', { signal }).then(([code]: unknown[]) => {
        throw new Error(`${file} ended with ${String(code)}`);
      }),
    ]);
  } finally {
    stop.abort();
  }
}
