import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { directDial } from '../../../src/mediator/origin/dial.ts';
import { readPin } from '../../../src/mediator/origin/pin.ts';
import { createResolver } from '../../../src/mediator/origin/resolver.ts';
import { exchangeRaw, readAll, tunnel, World } from '../world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

describe('dialling', () => {
  it('tries the checked addresses until one answers', async () => {
    const port = await world.tcp(socket => socket.end('here'), '127.0.0.1');
    const socket = await directDial(5000)({ addresses: ['127.0.0.3', '127.0.0.1'], port });
    expect(await readAll(socket)).toBe('here');
  });

  it('goes through an upstream proxy, which is given the checked address and resolves nothing', async () => {
    let asked = '';
    const proxy = await world.tcp(socket => {
      socket.once('data', chunk => {
        asked = chunk.toString();
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.once('data', () => socket.end('spliced'));
      });
    });
    const mediator = await world.mediator({
      policy: 'passthrough:\n  - pinned.example\n',
      pins: ['pinned.example:203.0.113.1'],
      upstreamProxy: { host: '127.0.0.1', port: proxy, authorization: 'Basic eDp5' },
    });
    const { socket } = await tunnel(mediator, 'pinned.example:9000');
    socket.write('hello');
    expect(await readAll(socket)).toBe('spliced');
    expect(asked).toBe(
      'CONNECT 203.0.113.1:9000 HTTP/1.1\r\nHost: 203.0.113.1:9000\r\nProxy-Authorization: Basic eDp5\r\n\r\n',
    );
  });

  it('fails when the upstream proxy refuses', async () => {
    const proxy = await world.tcp(socket => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'));
    const upstreamProxy = { host: '127.0.0.1', port: proxy, authorization: null };
    const mediator = await world.mediator({ pins: ['a.example:203.0.113.1'], upstreamProxy });
    expect(await exchangeRaw(mediator, 'CONNECT a.example:443 HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1\.1 502 /);
    expect((await world.record('egress_dial_error'))['error']).toContain('407');
  });
});

describe('resolving', () => {
  const resolver = createResolver(
    ['a.example:192.0.2.1', 'b.example:8443:192.0.2.2', 'c.example:[2001:db8::1]:99'].flatMap(
      text => readPin(text) ?? [],
    ),
    async host => (host === 'slow.example' ? new Promise(() => {}) : ['::ffff:192.0.2.9']),
    { connectTimeoutMs: 20, lookups: 2, lookupsPerAgent: 1 },
  );
  const resolve = (host: string, port: number) => resolver({ host, port, isAddress: false }, null);

  it.each([
    ['a.example', 443, { addresses: ['192.0.2.1'], port: 443, isPinned: true }],
    ['b.example', 8443, { addresses: ['192.0.2.2'], port: 8443, isPinned: true }],
    ['b.example', 443, { addresses: ['192.0.2.9'], port: 443, isPinned: false }],
    ['c.example', 443, { addresses: ['2001:db8::1'], port: 99, isPinned: true }],
  ])('the name %s with port %d resolves to %j', async (host, port, resolved) => {
    expect(await resolve(host, port)).toEqual({ type: 'resolved', ...resolved });
  });

  it('gives up on a server that does not answer', async () => {
    expect(await resolve('slow.example', 443)).toMatchObject({
      type: 'unresolved',
      error: expect.stringContaining('20 ms'),
    });
  });

  it.each([
    'a.example',
    'a.example:',
    'a.example:b.example',
    ':192.0.2.1',
    'a.example:443:',
    'a@b:192.0.2.1',
  ])('%s is no pin', text => {
    expect(readPin(text)).toBeNull();
  });
});
