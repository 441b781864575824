import { readFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAll, secured, tunnel, World } from '../world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

const policy = 'allow:\n  - api.example\npassthrough:\n  - pinned.example\n';
const EVIDENCE = 'egress_mitm_handshake_error';

/** TLS that the client took, to an origin that speaks both protocols. */
async function accepted(protocol: string, handshakeTimeoutMs = 5000): Promise<TLSSocket> {
  const port = await world.http2('api.example', server => server.on('request', (_, to) => to.end()));
  const pins = [`api.example:127.0.0.1:${port}`];
  const mediator = await world.mediator({ policy, pins, limits: { handshakeTimeoutMs } });
  const { socket } = await tunnel(mediator, 'api.example:443');
  return secured(socket, 'api.example', readFileSync(mediator.certificatePath, 'utf8'), [protocol]);
}

describe('a client that took our certificate is no evidence of pinning', () => {
  it('when it closes without a request', async () => {
    (await accepted('http/1.1')).end();
    await world.record('egress_close');
    expect(world.events()).not.toContain(EVIDENCE);
  });

  it('when it keeps its connection ready until that times out', async () => {
    await readAll(await accepted('http/1.1', 1500));
    await world.record('egress_close');
    expect(world.events()).not.toContain(EVIDENCE);
  });

  it.each([
    ['CL and TE', 'POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n'],
    ['a CONNECT in a tunnel', 'CONNECT other.example:443 HTTP/1.1\r\n'],
    ['an unknown expectation', 'GET / HTTP/1.1\r\nExpect: nonsense\r\nConnection: close\r\n'],
  ])('when its first request is refused: %s', async (_, head) => {
    const tls = await accepted('http/1.1');
    tls.write(`${head}Host: api.example\r\n\r\n`);
    await readAll(tls);
    await world.record('egress_close');
    expect(world.events()).not.toContain(EVIDENCE);
  });

  it('when it floods HTTP/2 with fields', async () => {
    const tls = await accepted('h2');
    const client = connectHttp2('https://api.example', { createConnection: () => tls });
    client.on('error', () => client.destroy());
    const flood = Object.fromEntries(Array.from({ length: 1500 }, (_, index) => [`x-${index}`, 'y']));
    const stream = client.request({ ':path': '/', ...flood });
    stream.on('error', () => client.destroy()); // refused, as it should be
    await new Promise(resolve => stream.resume().once('close', resolve));
    client.destroy();
    await world.record('egress_close');
    expect(world.events()).not.toContain(EVIDENCE);
  });
});

it('an origin that closes at once is an error, and nobody’s denial', async () => {
  const port = await world.tcp(socket => socket.end());
  const mediator = await world.mediator({ policy, pins: [`pinned.example:127.0.0.1:${port}`] });
  const { socket } = await tunnel(mediator, 'pinned.example:443');
  await readAll(socket);
  expect((await world.record('egress_tunnel_error'))['error']).toContain('the origin closed');
  expect(world.events()).not.toContain('egress_deny');
});
