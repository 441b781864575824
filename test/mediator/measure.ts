import { once } from 'node:events';
import { renameSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { until } from '../until.ts';
import { tunnel, World } from './world.ts';

/** `node test/mediator/measure.ts`: prints how fast an edit is enforced, how many tunnels a second are opened, and how fast one carries. */
const EDITS = 100;
const TUNNELS = 1000;
const STREAM_BYTES = 1024 ** 3;

const percentile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;

/** From the rename to the acknowledgement on the socket; the next tunnel must then be ruled by the new policy. */
async function edits(): Promise<object> {
  const world = new World();
  const mediator = await world.mediator({ mode: 'strict', pins: ['edited.example:127.0.0.1:1'] });
  const reader = connect(mediator.socketPath);
  let heard = '';
  reader.on('data', chunk => (heard += chunk.toString()));
  await once(reader, 'data');
  const waits: number[] = [];
  for (let edit = 0; edit < EDITS; edit++) {
    const isListed = edit % 2 === 0;
    heard = '';
    writeFileSync(
      `${world.policyPath}.new`,
      `allow:${isListed ? '\n  - edited.example' : ' []'}\n# ${edit}\n`,
    );
    const started = performance.now();
    renameSync(`${world.policyPath}.new`, world.policyPath);
    while (!heard.includes('"applied"')) await once(reader, 'data');
    waits.push(performance.now() - started);
    const { head, socket } = await tunnel(mediator, 'edited.example:443');
    socket.destroy();
    if (head.includes(' 403 ') === isListed)
      throw new Error(`edit ${edit} was acknowledged and is not enforced`);
  }
  reader.destroy();
  await world.end();
  waits.sort((one, other) => one - other);
  return {
    what: 'edit → acknowledged, ms',
    p50: percentile(waits, 0.5),
    p99: percentile(waits, 0.99),
    max: waits.at(-1),
  };
}

async function tunnels(): Promise<object> {
  const world = new World();
  const port = await world.tcp(socket => socket.end('x'));
  const policy = 'passthrough:\n  - pinned.example\n';
  const mediator = await world.mediator({ policy, pins: [`pinned.example:127.0.0.1:${port}`] });
  const started = performance.now();
  for (let count = 0; count < TUNNELS; count += 20)
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const { socket } = await tunnel(mediator, 'pinned.example:9000');
        socket.resume();
        await once(socket, 'end');
        socket.destroy();
      }),
    );
  const perSecond = TUNNELS / ((performance.now() - started) / 1000);
  await world.end();
  return { what: 'tunnels opened and closed a second, client and origin in the same process', perSecond };
}

async function stream(): Promise<object> {
  const world = new World();
  const port = await world.tcp(socket => {
    let sent = 0;
    const chunk = Buffer.alloc(262_144);
    const pump = (): void => {
      while (sent < STREAM_BYTES) {
        sent += chunk.length;
        if (!socket.write(chunk)) return void socket.once('drain', pump);
      }
      socket.end();
    };
    socket.once('data', pump);
  });
  const policy = 'passthrough:\n  - pinned.example\n';
  const mediator = await world.mediator({ policy, pins: [`pinned.example:127.0.0.1:${port}`] });
  const { socket } = await tunnel(mediator, 'pinned.example:9000');
  let received = 0;
  const started = performance.now();
  socket.on('data', chunk => (received += chunk.length));
  socket.write('go');
  await until(() => received >= STREAM_BYTES, { deadlineMs: 60_000 });
  const mibPerSecond = STREAM_BYTES / 1024 ** 2 / ((performance.now() - started) / 1000);
  await world.end();
  return { what: 'passthrough, MiB a second, client and origin in the same process', mibPerSecond };
}

for (const measured of [edits, tunnels, stream])
  process.stdout.write(`${JSON.stringify(await measured())}\n`);
