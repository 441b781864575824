import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readHello } from '../../src/systems/egresstop/log/read-hello.ts';
import { exchangeRaw, World } from './world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

const ask = (host: string): string =>
  `GET http://${host}/ HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;

it('the entries of the command line rule beside those of the file, and stay when the file changes', async () => {
  const port = await world.http((_, response) => response.end('hello'));
  const pins = ['flag.example', 'file.example', 'later.example'].map(host => `${host}:80:127.0.0.1:${port}`);
  const flags = { allow: ['flag.example'], passthrough: [] };
  const mediator = await world.mediator({ mode: 'strict', policy: 'allow: [file.example]\n', pins, flags });
  expect(await exchangeRaw(mediator, ask('flag.example'))).toContain('hello');
  expect(await exchangeRaw(mediator, ask('file.example'))).toContain('hello');
  world.writePolicy('allow: [later.example]\n');
  await world.record('egress_policy_applied');
  expect(await exchangeRaw(mediator, ask('flag.example'))).toContain('hello');
  expect(await exchangeRaw(mediator, ask('later.example'))).toContain('hello');
  expect(await exchangeRaw(mediator, ask('file.example'))).toContain('not allowlisted');
  const record = await world.record('egress_allow', { host: 'flag.example' });
  expect(record).toMatchObject({ entry: 'flag.example' });
  expect(record).not.toHaveProperty('entry_line');
});

it('the hello names the entries of the command line', async () => {
  await world.mediator({ flags: { allow: ['.a.example'], passthrough: ['b.example'] } });
  const hello = await readHello(join(world.folder, 'mediator.sock'));
  expect(hello?.flags).toEqual({ allow: ['.a.example'], passthrough: ['b.example'] });
});

it('a mediator whose mediation is off names no policy, in its hello and in its records', async () => {
  const mediator = await world.mediator({ mode: 'off' });
  const hello = await readHello(join(world.folder, 'mediator.sock'));
  expect(hello).toMatchObject({ mode: 'off', policyPath: null, revision: null });
  await exchangeRaw(mediator, ask('127.0.0.1:1'));
  for (const record of world.records()) expect(record).not.toHaveProperty('policy');
  expect(await world.record('egress_listen')).not.toHaveProperty('allow');
});
