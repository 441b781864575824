import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { holdMediator, type TrustedRoots } from '../../../src/commands/mediator/hold-mediator.ts';
import { askMediator } from '../../../src/commands/mediator/ask-mediator.ts';
import { until } from '../../until.ts';
import { secured, tunnel, World } from '../world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

const DAY = 86_400_000;

it('a mediator that is up for longer than its authority lives goes on under the successor, which its holders were told in time', async () => {
  const port = await world.https('api.example', (_, response) => response.end());
  let now = Date.now() - 30 * DAY + DAY / 24; // its authority ends in an hour
  const mediator = await world.mediator({
    policy: 'allow:\n  - api.example\n',
    pins: [`api.example:127.0.0.1:${port}`],
    now: () => now,
  });
  const told: TrustedRoots[] = [];
  const held = await holdMediator(mediator.socketPath, {
    trustChanged: trusted => told.push(trusted),
    lost: () => {},
  });
  world.atEnd(() => held?.release());
  const [first = ''] = held?.trusted ?? [];
  now = Date.now() - 5 * DAY;
  await askMediator(mediator.socketPath, { request: 'reload', answer: 'policy' });
  await until(() => told.length === 1);
  expect(told[0]?.[0]?.startsWith(first)).toBe(true);
  now = Date.now();
  await askMediator(mediator.socketPath, { request: 'reload', answer: 'policy' });
  await until(() => told.length === 2);
  const { socket } = await tunnel(mediator, 'api.example:443');
  const tls = await secured(socket, 'api.example', told[0]?.[0] ?? '');
  const successor = readFileSync(mediator.certificatePath, 'utf8');
  expect(told.at(-1)?.[0]).toBe(successor);
  expect(tls.getPeerX509Certificate()?.verify(new X509Certificate(successor).publicKey)).toBe(true);
  expect(world.events().filter(event => event === 'egress_authority_changed')).toHaveLength(2);
  tls.destroy();
});
