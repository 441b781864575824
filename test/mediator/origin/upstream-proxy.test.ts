import { connect } from 'node:net';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { exchangeRaw, readAll, secured, tunnel, World } from '../world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

/** A proxy that leads every CONNECT to one port of loopback. */
const proxyTo = (port: number): Promise<number> =>
  world.tcp(client => {
    client.once('data', () => {
      const origin = connect(port, '127.0.0.1');
      origin.on('error', () => client.destroy());
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      client.pipe(origin).pipe(client);
    });
  });

async function mediatorBehind(port: number) {
  return world.mediator({
    policy: 'allow:\n  - api.example\n',
    pins: ['api.example:203.0.113.9'],
    upstreamProxy: { host: '127.0.0.1', port: await proxyTo(port), authorization: null },
  });
}

it('what goes through another proxy is recorded with the destination that proxy was asked for, not with its own address', async () => {
  const port = await world.https('api.example', (_, response) => response.end('through'));
  const mediator = await mediatorBehind(port);
  const { socket } = await tunnel(mediator, 'api.example:443');
  const tls = await secured(socket, 'api.example', readFileSync(mediator.certificatePath, 'utf8'));
  tls.write('GET / HTTP/1.1\r\nHost: api.example\r\nConnection: close\r\n\r\n');
  expect(await readAll(tls)).toContain('through');
  expect((await world.record('egress_allow'))['dst']).toBe('203.0.113.9:443');
  expect((await world.record('egress_connect'))['dst']).toBe('203.0.113.9:443');
});

it('a clear request goes through the upstream proxy too', async () => {
  const mediator = await mediatorBehind(await world.http((_, response) => response.end('through')));
  const request = 'GET http://api.example/ HTTP/1.1\r\nHost: api.example\r\nConnection: close\r\n\r\n';
  expect(await exchangeRaw(mediator, request)).toContain('through');
  expect((await world.record('egress_allow'))['dst']).toBe('203.0.113.9:80');
});
