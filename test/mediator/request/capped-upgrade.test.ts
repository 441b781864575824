import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, it } from 'vitest';
import { dialMediator, readAll, secured, tunnel, World } from '../world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

const UPGRADE = 'Connection: Upgrade\r\nUpgrade: websocket\r\n';

async function exceeds(socket: Socket, target: string): Promise<void> {
  socket.write(`GET ${target} HTTP/1.1\r\nHost: api.test\r\n${UPGRADE}\r\n`);
  await once(socket, 'data');
  socket.write('x'.repeat(2000));
  await readAll(socket);
  await world.record('egress_cap_exceeded', { host: 'api.test', reason: 'volume', limit: 1000 });
}

it('a WebSocket in absolute form that ends over its agent’s cap is recorded as that', async () => {
  const server = createServer();
  server.on('upgrade', (_, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    socket.pipe(socket);
  });
  const pins = [`api.test:127.0.0.1:${await world.listen(server)}`];
  const policy = 'allow:\n  - api.test\n';
  const mediator = await world.mediator({ policy, pins, limits: { bytesPerAgent: 1000 } });
  await exceeds(await dialMediator(mediator), 'http://api.test/');
});

it('a WebSocket in a tunnel that ends over its agent’s cap is recorded as that', async () => {
  const pins = [`api.test:127.0.0.1:${await world.webSocket('api.test')}`];
  const policy = 'allow:\n  - api.test\n';
  const mediator = await world.mediator({ policy, pins, limits: { bytesPerAgent: 1000 } });
  const { socket } = await tunnel(mediator, 'api.test:443');
  const tls = await secured(socket, 'api.test', readFileSync(mediator.certificatePath, 'utf8'));
  await exceeds(tls, '/');
});
