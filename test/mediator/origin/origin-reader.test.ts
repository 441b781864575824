import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../until.ts';
import { readAll, tunnel, World } from '../world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

const policy = 'passthrough:\n  - pinned.example\n';

async function through(onConnection: (socket: Socket) => void, limits = {}): Promise<Socket> {
  const port = await world.tcp(onConnection);
  const mediator = await world.mediator({ policy, limits, pins: [`pinned.example:127.0.0.1:${port}`] });
  return (await tunnel(mediator, 'pinned.example:9000')).socket;
}

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('a passed-through origin', () => {
  it('arrives whole and in order at a client that stops and goes', async () => {
    const sent = randomBytes(24 * 1024 * 1024);
    const socket = await through(origin => origin.once('data', () => origin.end(sent)));
    socket.write('go');
    const hash = createHash('sha256');
    let [received, chunks] = [0, 0];
    for await (const chunk of socket) {
      hash.update(chunk as Buffer);
      received += (chunk as Buffer).length;
      if ((chunks += 1) % 7 === 0) await turn();
    }
    socket.destroy();
    expect([received, hash.digest('hex')]).toEqual([sent.length, hashOf(sent)]);
    expect(await world.record('egress_close')).toMatchObject({ bytes_in: sent.length, bytes_out: 2 });
  });

  it('a client that does not read holds up its origin', async () => {
    let taken = 0;
    const socket = await through(origin => {
      const chunk = Buffer.alloc(65_536);
      const pump = (): void => {
        while (origin.write(chunk)) taken += chunk.length;
        origin.once('drain', pump);
      };
      origin.once('data', pump);
    });
    socket.write('go');
    await once(socket, 'readable');
    let before = -1;
    await until(async () => {
      const isStill = taken === before;
      before = taken;
      for (let turns = 0; turns < 50; turns++) await turn();
      return isStill;
    });
    expect(taken).toBeLessThan(64 * 1024 * 1024);
    socket.destroy();
  });

  it('that speaks first is heard, and goes on after the client has ended its side', async () => {
    const socket = await through(origin => {
      origin.write('220 ready\r\n');
      origin.once('end', () => origin.end('bye'));
      origin.resume();
    });
    await once(socket, 'readable');
    socket.end();
    expect(await readAll(socket)).toBe('220 ready\r\nbye');
  });

  it('that leaves without a word is told of', async () => {
    const socket = await through(origin => origin.end());
    await readAll(socket);
    expect(await world.record('egress_tunnel_error')).toMatchObject({
      error: 'the origin closed without a word',
    });
  });

  it('a passed-through origin is counted against the cap', async () => {
    const limits = { bytesPerAgent: 1_000_000 };
    const socket = await through(
      origin => origin.once('data', () => origin.end(Buffer.alloc(5_000_000))),
      limits,
    );
    socket.write('go');
    expect((await readAll(socket)).length).toBeLessThan(2_000_000);
    await world.record('egress_cap_exceeded', { reason: 'volume' });
  });

  it('an origin is reached at its second address where the first does not answer', async () => {
    const port = await world.tcp(origin => origin.end('second'), '127.0.0.3');
    const mediator = await world.mediator({
      policy,
      pins: [`pinned.example:127.0.0.2:${port}`, `pinned.example:127.0.0.3:${port}`],
    });
    const { socket } = await tunnel(mediator, 'pinned.example:9000');
    expect(await readAll(socket)).toBe('second');
  });
});
