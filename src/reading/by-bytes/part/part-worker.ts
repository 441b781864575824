import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { PartCounter } from './part-counter.ts';
import type { PartAnswer, PartOrder, PartThreadData } from './part-thread.ts';

/* The thread of a PartThread: counts one part after the other, as ordered. */

enableCompileCache(); // a thread does not take it over
const [{ PartCounter: Counter }, { selectionOf, systemsFor }, { withAgents }, { memoryOf }] =
  await Promise.all([
    import('./part-counter.ts'),
    import('../../selection.ts'),
    import('../../named-agents.ts'),
    import('../../../core/traffic/sums/sum-table.ts'),
  ]);
const { choice, agents, now, places } = workerData as PartThreadData; // part-thread.ts gives nothing else
const systems = withAgents(systemsFor(choice), agents);
const selection = selectionOf(choice, now);
let counter: PartCounter | null = null;

const tell = (answer: PartAnswer, given: ArrayBuffer[] = []): void => parentPort?.postMessage(answer, given);

parentPort?.on('message', (order: PartOrder) => void obey(order));
tell({ type: 'ready' });

async function obey(order: PartOrder): Promise<void> {
  switch (order.type) {
    case 'part':
      counter = new Counter(order.options, {
        systems,
        selection,
        counted: table => tell({ type: 'table', table }, memoryOf(table)),
      });
      return;
    case 'begin':
      return counter?.begin(order.isStart);
    case 'lines': {
      const { place, length, ...form } = order.lines;
      const shared = places[place];
      if (shared) await counter?.push({ ...form, bytes: Buffer.from(shared, 0, length) });
      return tell({ type: 'taken' });
    }
    case 'take':
      if (counter) tell({ type: 'count', count: await counter.take(order.wanted) });
  }
}
