import { createServer } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { until } from '../../until.ts';
import { dialMediator, World } from '../world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

const policy = 'allow:\n  - api.test\n';
it('pipelined requests that wait their turn do not go out once their client has left', async () => {
  let reached = 0;
  const server = createServer(request => {
    reached += 1;
    request.resume(); // and no answer
  });
  const pins = [`api.test:127.0.0.1:${await world.listen(server)}`];
  const socket = await dialMediator(await world.mediator({ policy, pins }));
  socket.write(ask().repeat(40));
  await until(() => reached === 6);
  socket.destroy();
  const given = (): number => world.events().filter(event => event === 'egress_request').length;
  await until(() => given() === 40, { describe: () => JSON.stringify(world.events()) });
  expect(reached).toBe(6);
});

const ask = (): string => `GET http://api.test/ HTTP/1.1\r\nHost: api.test\r\n\r\n`;

it('two hundred pipelined requests open a handful of connections to the origin, and all are answered', async () => {
  let opened = 0;
  const server = createServer((_, response) => response.end('#'));
  server.on('connection', () => (opened += 1));
  const pins = [`api.test:127.0.0.1:${await world.listen(server)}`];
  const socket = await dialMediator(await world.mediator({ policy, pins }));
  let text = '';
  socket.on('data', chunk => (text += chunk.toString()));
  socket.write(ask().repeat(200));
  await until(() => text.split('#').length === 201, { describe: () => text.slice(-500) });
  expect(opened).toBeLessThanOrEqual(6);
  socket.destroy();
});
