import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { holdMediator } from '../../../src/commands/mediator/hold-mediator.ts';
import { readHello } from '../../../src/systems/egresstop/log/read-hello.ts';
import { until } from '../../until.ts';
import { World } from '../world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

const news = { trustChanged: () => {}, lost: () => {} };

it('the socket tells how many programs run behind the mediator, and how many of them are confined', async () => {
  const { socketPath } = await world.mediator();
  const told: unknown[] = [];
  const reader = connect(socketPath);
  world.atEnd(() => void reader.destroy());
  createInterface({ input: reader }).on('line', line => {
    const message = JSON.parse(line) as Record<string, unknown>;
    if (message['type'] === 'programs') told.push([message['running'], message['confined']]);
  });
  await until(async () => (await readHello(socketPath)) !== null);
  const confined = await holdMediator(socketPath, news, true);
  const loose = await holdMediator(socketPath, news);
  expect(await readHello(socketPath)).toMatchObject({ holders: 2, confined: 1 });
  confined?.release();
  await until(() => told.length === 3);
  loose?.release();
  await until(() => told.length === 4);
  expect(told).toEqual([
    [1, 1],
    [2, 1],
    [1, 0],
    [0, 0],
  ]);
  expect(await readHello(socketPath)).toMatchObject({ holders: 0, confined: 0 });
});
