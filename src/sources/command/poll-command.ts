import { Repeating } from '../repeating.ts';
import type { Following, SourceListener } from '../source.ts';
import { StatusReport } from '../status-report.ts';
import { runCommand } from './run-command.ts';
import { snapshotLine } from './snapshot-line.ts';

/** How often a program is run, and at most how seldom while it fails. */
export interface CommandPolling {
  readonly pollMs?: number;
  readonly lastRetryMs?: number;
}

/** Runs a program again and again, and delivers each JSON document that it prints as one line, unless it is the one before. */
export function pollCommand(
  { name, argv }: { readonly name: string; readonly argv: readonly string[] },
  listener: SourceListener,
  { pollMs = 1000, lastRetryMs = 60_000 }: CommandPolling = {},
): Following {
  const report = new StatusReport(name, listener);
  const stopping = new AbortController();
  let [last, first, retryMs, hasBeenLive] = ['', 1, pollMs, false];
  let onFirst: () => void = () => undefined;
  const caughtUp = new Promise<void>(resolve => (onFirst = resolve));
  report.expect(0);

  const settle = (type: 'failed' | 'gone', why: string, remedy: string): number => {
    retryMs = Math.min(lastRetryMs, retryMs * 2);
    const state = type === 'failed' ? 'failed' : hasBeenLive ? 'gone' : 'waiting';
    report.settle(state, `${why}; ${remedy}; run again in ${Math.ceil(retryMs / 1000)} s`);
    return retryMs;
  };
  const ask = async (): Promise<number> => {
    const answer = await runCommand(argv, stopping.signal);
    if (stopping.signal.aborted) return 0;
    if (answer.type !== 'text') return settle(answer.type, answer.why, answer.remedy);
    const line = snapshotLine(answer.text);
    if (line === null)
      return settle('failed', `${argv[0] ?? ''} prints no JSON document`, 'look at what it prints');
    if (line !== last) {
      listener.lines({ source: name, first, lines: [line] });
      first += 1;
    }
    [last, retryMs, hasBeenLive] = [line, pollMs, true];
    report.settle('live');
    return pollMs;
  };
  const asking = new Repeating(() => ask().finally(onFirst), 0);
  return {
    caughtUp,
    stop: async () => {
      stopping.abort();
      await asking.stop();
      onFirst();
    },
  };
}
