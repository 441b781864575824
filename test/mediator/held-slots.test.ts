import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../until.ts';
import { dialMediator, exchangeRaw, World } from './world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

const SLOTS = 3;
const UPGRADE = 'Connection: Upgrade\r\nUpgrade: websocket\r\n';
const webSocketTo = (host: string): string =>
  `GET http://${host}/ HTTP/1.1\r\nHost: ${host}\r\n${UPGRADE}\r\n`;

/** A mediator with few slots, before an origin that switches protocols for one host, refuses to for another, and never answers a third. */
async function narrow() {
  const server = createServer((_, response) => response.writeHead(426).end('no'));
  server.on('upgrade', (request, socket) => {
    if (request.headers.host === 'switches.test')
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    if (request.headers.host === 'answers.test')
      socket.write('HTTP/1.1 426 Upgrade Required\r\nContent-Length: 2\r\n\r\nno');
  });
  const port = await world.listen(server);
  const hosts = ['switches.test', 'answers.test', 'silent.test'];
  return world.mediator({
    policy: `allow:\n${hosts.map(host => `  - ${host}\n`).join('')}`,
    mode: 'strict',
    pins: hosts.map(host => `${host}:127.0.0.1:${port}`),
    limits: { connections: SLOTS, idleTimeoutMs: 300 },
  });
}

describe('connection slots are not held', () => {
  it.each([
    ['by a refused CONNECT', 'CONNECT a@b:443 HTTP/1.1\r\n\r\n', ' 400 '],
    ['by a denied WebSocket', webSocketTo('denied.test'), ' 403 '],
    ['by an upgrade that is answered as usual', webSocketTo('answers.test'), ' 426 '],
    ['by an idle WebSocket', webSocketTo('switches.test'), ' 101 '],
    ['by an upgrade that nobody answers', webSocketTo('silent.test'), null],
  ])('%s', async (_, request, status) => {
    const mediator = await narrow();
    for (let slot = 0; slot < SLOTS; slot += 1) await hold(await dialMediator(mediator), request, status);
    const served = async (): Promise<boolean> =>
      (await exchangeRaw(mediator, 'GET http://denied.test/ HTTP/1.1\r\nHost: denied.test\r\n\r\n')).includes(
        ' 403 ',
      );
    await until(served, { deadlineMs: 3500 });
  });
});

/** Sends a request, reads its answer and stays, without ever closing its own side. */
async function hold(socket: Socket, request: string, status: string | null): Promise<void> {
  socket.write(request);
  world.atEnd(() => void socket.destroy());
  if (status === null) return;
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toContain(status);
}
