import type { Following, LineBatch, SourceListener } from './source.ts';
import { StatusReport } from './status-report.ts';
import { SourceError, troubleOf } from './trouble.ts';

/**
 * Follows lines that come by themselves (standard input, an inherited pipe) to their end. A pipe does not
 * say which lines are old, so it counts as caught up from the beginning.
 */
export function followStream(
  source: string,
  open: (signal: AbortSignal) => AsyncIterable<LineBatch>,
  listener: SourceListener,
): Following {
  const stopping = new AbortController();
  const pumping = pump({ source, open, listener }, stopping.signal);
  return {
    caughtUp: Promise.resolve(),
    async stop() {
      stopping.abort();
      await pumping;
    },
  };
}

interface Pumping {
  readonly source: string;
  readonly open: (signal: AbortSignal) => AsyncIterable<LineBatch>;
  readonly listener: SourceListener;
}

async function pump({ source, open, listener }: Pumping, signal: AbortSignal): Promise<void> {
  const report = new StatusReport(source, listener);
  report.settle('live');
  try {
    for await (const batch of open(signal)) {
      if (signal.aborted) return;
      listener.lines(batch);
    }
    if (!signal.aborted) report.settle('ended');
  } catch (error) {
    if (signal.aborted) return;
    const { why, remedy } = error instanceof SourceError ? error.problem : troubleOf(error, source);
    report.settle('failed', `${why}; ${remedy}`);
  }
}
