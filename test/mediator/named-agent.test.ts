import { afterEach, beforeEach, expect, it } from 'vitest';
import { childEnvironment } from '../../src/commands/mediator/child-environment.ts';
import { exchangeRaw, World } from './world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

it.each(['team:one', '50%:x', 'a%3Ab'])(
  'an agent is recorded by its name, colons and all: %s',
  async agent => {
    const mediator = await world.mediator({ mode: 'strict' });
    const paths = { certificate: 'c', bundle: 'b', wgetrc: 'b', socket: 's', isSocks: false };
    const environment = childEnvironment({ address: mediator.address, agent, tool: 'fetch', ...paths });
    const { username, password } = new URL(environment['http_proxy'] ?? '');
    const credentials = [username, password].map(decodeURIComponent).join(':'); // as programs send it
    const field = `Proxy-Authorization: Basic ${Buffer.from(credentials).toString('base64')}`;
    await exchangeRaw(mediator, `GET http://x.example/ HTTP/1.1\r\nHost: x.example\r\n${field}\r\n\r\n`);
    expect(await world.record('egress_deny')).toMatchObject({ agent, tool: 'fetch' });
  },
);
