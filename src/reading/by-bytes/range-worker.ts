import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { LineRange } from '../../sources/lines/line-ranges.ts';
import type { ThreadOrder, ThreadStart } from './range-thread.ts';

/* The thread of a RangeThread: counts one range after the other, as ordered. */

enableCompileCache(); // a thread does not take it over
const [{ RangeCounter }, { systemsFor }, { withAgents }, { memoryOf }] = await Promise.all([
  import('./range-counter.ts'),
  import('../selection.ts'),
  import('../named-agents.ts'),
  import('../../core/traffic/sums/sum-table.ts'),
]);
const { source, fd, choice, agents } = workerData as ThreadStart; // range-thread.ts gives nothing else
const stopped = new AbortController();
const counter = new RangeCounter({
  source,
  fd,
  systems: withAgents(systemsFor(choice), agents),
  signal: stopped.signal,
});

parentPort?.on('message', (order: ThreadOrder) => {
  if (order.type === 'stop') stopped.abort();
  else void answer(order.range);
});

async function answer(range: LineRange): Promise<void> {
  const count = await counter.count(range);
  parentPort?.postMessage(count, count.tables.flatMap(memoryOf));
}
