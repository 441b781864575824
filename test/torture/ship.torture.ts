import { appendFileSync, cpSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fleetOn } from '../commands/fleet/fleet-totals.ts';
import { countingServer, EXACT, killed, records, shipOn, shipOnce } from '../commands/fleet/shipping.ts';
import { machine } from '../commands/program.ts';
import { hasNatsServer, type NatsServer } from '../sources/nats/nats-server.ts';
import { until } from '../until.ts';
import { isShort, scaled } from './scale.ts';

const ROUNDS = scaled(40, 4);
const PARTITION_MS = isShort ? 3_000 : 30_000;

/** A way to a server on which bytes can be held up, as a broken network does: no connection ends. */
async function network(
  server: NatsServer,
): Promise<{ readonly port: number; readonly cut: (isCut: boolean) => void }> {
  const sockets = new Set<Socket>();
  let isDown = false;
  const proxy = createServer(client => {
    const upstream = connect(server.port, '127.0.0.1');
    client.pipe(upstream);
    upstream.pipe(client);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => [client, upstream].forEach(end => end.destroy()));
      if (isDown) socket.pause();
    }
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });
  const address = proxy.address();
  const cut = (isCut: boolean): void => {
    isDown = isCut;
    for (const socket of sockets) socket[isCut ? 'pause' : 'resume']();
  };
  return { port: typeof address === 'object' && address ? address.port : 0, cut };
}

describe.skipIf(!hasNatsServer)('a machine that ships', () => {
  it('--once may run any number of times, one after the other', async () => {
    const [server, here] = [await countingServer(), machine()];
    const log = here.write('audit.jsonl', records(1));
    for (let run = 0; run < 20; run += 1)
      expect(await shipOnce(here, server, log)).toMatchObject({ code: 0, stderr: '' });
    expect((await fleetOn(server)).get('m1')).toMatchObject({ lines: 1, counts: { total: 1 }, ...EXACT });
  });

  it('a server that was put back to an older store, or lost it, is filled again', async () => {
    const [server, here] = [await countingServer(), machine()];
    const log = here.write('audit.jsonl', records(50));
    await shipOnce(here, server, log);
    await server.kill();
    cpSync(server.store, here.path('older'), { recursive: true });
    await server.restart();
    appendFileSync(log, records(20));
    await shipOnce(here, server, log);
    await server.kill();
    rmSync(server.store, { recursive: true });
    cpSync(here.path('older'), server.store, { recursive: true });
    await server.restart();
    expect((await fleetOn(server)).get('m1')?.lines).toBe(50);
    await shipOnce(here, server, log);
    expect((await fleetOn(server)).get('m1')).toMatchObject({ lines: 70, counts: { total: 70 }, ...EXACT });
    await server.kill();
    rmSync(server.store, { recursive: true });
    await server.restart();
    await shipOnce(here, server, log);
    expect((await fleetOn(server)).get('m1')).toMatchObject({ lines: 70, counts: { total: 70 }, ...EXACT });
  });

  it('totals equal the files’ after kills of the shipper and of the server at any moment, and over rotations', async () => {
    const [server, here] = [await countingServer(), machine()];
    const log = here.write('audit.jsonl', records(1));
    let written = 1;
    for (let round = 0; round < ROUNDS; round += 1) {
      const child = shipOn(here, server, log);
      const end = performance.now() + 300 + 250 * (round % 6);
      await until(() => {
        appendFileSync(log, records(40));
        written += 40;
        return performance.now() > end;
      });
      if (round % 2 === 0) await server.kill();
      await killed(child);
      if (round % 2 === 0) await server.restart();
      renameSync(log, `${log}.${ROUNDS - round}`);
      writeFileSync(log, '');
    }
    expect((await shipOnce(here, server, log)).code).toBe(0);
    const state = (await fleetOn(server)).get('m1');
    expect(state).toMatchObject({ lines: written, counts: { total: written }, ...EXACT });
  });

  it('a server that is away for a while gets all that was counted meanwhile', async () => {
    const [server, here] = [await countingServer(), machine()];
    const log = here.write('audit.jsonl', records(5));
    shipOn(here, server, log);
    await until(async () => (await fleetOn(server)).get('m1')?.lines === 5);
    await server.kill();
    appendFileSync(log, records(6));
    renameSync(log, `${log}.1`);
    writeFileSync(log, records(2));
    await server.restart();
    await until(async () => (await fleetOn(server)).get('m1')?.lines === 13);
    expect((await fleetOn(server)).get('m1')).toMatchObject({ counts: { total: 13 }, ...EXACT });
  });

  it(`after a network that was down for ${PARTITION_MS / 1_000} s, the totals equal the files’`, async () => {
    const [server, here] = [await countingServer(), machine()];
    const { port, cut } = await network(server);
    const log = here.write('audit.jsonl', records(5));
    shipOn(here, { ...server, url: place => `nats://127.0.0.1:${port}/${place}` }, log);
    await until(async () => (await fleetOn(server)).get('m1')?.lines === 5);
    cut(true);
    appendFileSync(log, records(20));
    await pause(PARTITION_MS);
    expect((await fleetOn(server)).get('m1')?.lines).toBe(5);
    appendFileSync(log, records(20));
    cut(false);
    await until(async () => (await fleetOn(server)).get('m1')?.lines === 45, { deadlineMs: 90_000 });
    expect((await fleetOn(server)).get('m1')).toMatchObject({ counts: { total: 45 }, ...EXACT });
  });
});
