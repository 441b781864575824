import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { ClientProcesses } from '../../src/mediator/process/client-processes.ts';
import { NO_PEER, quantile, type Bench } from './row.ts';

const CLIENTS = 2_000;
/** Between two clients: the thread that looks has a budget of time, and is asked for nobody while that is used up. */
const PAUSE_MS = 2;
const BUDGET_MS = 1;

/** How long a ruling is held up by asking for the process of its client, ms, for each of so many clients. */
async function delays(): Promise<readonly number[]> {
  const processes = new ClientProcesses();
  const measured: number[] = [];
  const server = createServer(socket => {
    const startedAt = performance.now();
    processes.of(socket);
    measured.push(performance.now() - startedAt);
    socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server has one once it listens
  for (let count = 0; count < CLIENTS; count += 1) {
    const client: Socket = connect(port, '127.0.0.1');
    await once(client.resume(), 'close');
    await pause(PAUSE_MS);
  }
  server.close();
  await processes.stop();
  return measured;
}

export const naming: Bench = {
  name: 'naming',
  rows: async () => {
    const values = await delays();
    const [middle, late] = [0.5, 0.99].map(share => quantile(values, share));
    return [
      {
        what: 'mediator, delay of a ruling by naming the process of its client',
        subject: `p50 ${middle?.toFixed(3)} ms, p99 ${late?.toFixed(3)} ms of ${values.length}`,
        ...NO_PEER,
        budget: `p99 ≤ ${BUDGET_MS} ms`,
        isKept: (late ?? Number.NaN) <= BUDGET_MS,
      },
    ];
  },
};
