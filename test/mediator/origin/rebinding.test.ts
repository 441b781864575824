import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { until } from '../../until.ts';
import { dialMediator, World } from '../world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

/** A proxy behind the mediator: notes which addresses are dialled and answers requests itself, so that a test may dial any address. */
async function everyAddress() {
  const dialled: string[] = [];
  const origin = createServer((_, response) => response.end('#'));
  const server = createServer();
  server.on('connect', (request, socket) => {
    dialled.push(request.url ?? '');
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    origin.emit('connection', socket);
  });
  return {
    dialled,
    upstreamProxy: { host: '127.0.0.1', port: await world.listen(server), authorization: null },
  };
}

async function ask(socket: Socket): Promise<void> {
  socket.write('GET http://rebind.test/ HTTP/1.1\r\nHost: rebind.test\r\n\r\n');
  let text = '';
  const collect = (chunk: Buffer): unknown => (text += chunk.toString());
  socket.on('data', collect);
  await until(() => text.endsWith('#\r\n0\r\n\r\n') || text.endsWith('\r\n\r\n#'), {
    describe: () => text,
  });
  socket.removeListener('data', collect);
}

it('a kept connection to an address that is no longer permitted is not used for a name that now has another', async () => {
  const { dialled, upstreamProxy } = await everyAddress();
  let address = '127.7.7.7';
  const lookup = async (): Promise<readonly string[]> => [address];
  const mediator = await world.mediator({ policy: 'allow:\n  - rebind.test\n', lookup, upstreamProxy });
  const socket = await dialMediator(mediator);
  await ask(socket);
  await ask(socket);
  expect(dialled).toEqual(['127.7.7.7:80']);
  world.writePolicy('allow: []\n');
  await world.record('egress_policy_applied');
  address = '8.8.8.8';
  await ask(socket);
  expect(dialled).toEqual(['127.7.7.7:80', '8.8.8.8:80']);
});
