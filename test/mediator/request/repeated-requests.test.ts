import type { Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { until } from '../../until.ts';
import { dialMediator, World } from '../world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

const policy = 'allow:\n  - api.test\n';
const ask = (method: string): string => `${method} http://api.test/ HTTP/1.1\r\nHost: api.test\r\n\r\n`;

it.each([
  ['GET', 3],
  ['POST', 2],
  ['DELETE', 2],
])('%s is sent %i times in all where a kept connection resets at the second', async (method, times) => {
  const methods: string[] = [];
  const served = new WeakSet<Socket>();
  const port = await world.http((request, response) => {
    methods.push(request.method ?? '');
    if (served.has(request.socket)) request.socket.resetAndDestroy();
    else response.end('#');
    served.add(request.socket);
  });
  const mediator = await world.mediator({ policy, pins: [`api.test:127.0.0.1:${port}`] });
  const socket = await dialMediator(mediator);
  let text = '';
  socket.on('data', chunk => (text += chunk.toString()));
  socket.write(ask(method));
  await until(() => text.includes('#'));
  text = '';
  socket.write(ask(method));
  await until(() => text.includes('HTTP/1.1 '));
  expect(methods).toHaveLength(times);
  socket.destroy();
});
