import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { LineRange } from '../../sources/lines/line-ranges.ts';
import type { ThreadAnswer, ThreadOrder, ThreadStart } from './range-thread.ts';

/* The thread of a RangeThread: counts one range after the other, as ordered. */

enableCompileCache(); // a thread does not take it over
const [{ RangeCounter }, { systemsFor }, { withAgents }, { packSums }] = await Promise.all([
  import('./range-counter.ts'),
  import('../selection.ts'),
  import('../named-agents.ts'),
  import('./packed-sums.ts'),
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
  const packed: ThreadAnswer = { ...count, sums: packSums(count.sums) };
  parentPort?.postMessage(packed, [packed.sums.fields.buffer, packed.sums.cells.buffer]);
}
