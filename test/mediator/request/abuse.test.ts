import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Mediator } from '../../../src/mediator/start-mediator.ts';
import { dialMediator, exchangeRaw, readAll, secured, tunnel, World } from '../world.ts';
import { often } from '../../runs.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

const policy = 'allow:\n  - api.example\npassthrough:\n  - pinned.example\n';

async function worldWithOrigins(): Promise<Mediator> {
  const port = await world.http2('api.example', server =>
    server.on('request', (request, response) => {
      request.resume();
      response.end('fine');
    }),
  );
  return world.mediator({
    policy,
    pins: ['api.example', 'pinned.example'].map(host => `${host}:127.0.0.1:${port}`),
  });
}

/** The mediator still serves, after whatever was done to it. */
async function stillServes(mediator: Mediator): Promise<void> {
  const { socket } = await tunnel(mediator, 'api.example:443');
  const tls = await secured(socket, 'api.example', readFileSync(mediator.certificatePath, 'utf8'));
  tls.write('GET / HTTP/1.1\r\nHost: api.example\r\nConnection: close\r\n\r\n');
  expect(await readAll(tls)).toContain('fine');
}

const PIECES = [
  'GET http://api.example/ HTTP/1.1\r\n',
  'CONNECT api.example:443 HTTP/1.1\r\n',
  'CONNECT pinned.example:443 HTTP/1.1\r\n',
  'CONNECT x@y:1 HTTP/1.1\r\n',
  'Host: api.example\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Content-Length: 5\r\n',
  'Connection: Upgrade\r\nUpgrade: websocket\r\n',
  'Expect: 100-continue\r\n',
  '\r\n',
  '\n',
  '5\r\nhello\r\n',
  '0\r\n\r\n',
  '\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '\x00\xff',
];

describe('a mediator under abuse', () => {
  it('survives any order of pieces of protocols, ended, reset or left open at any moment', async () => {
    const mediator = await worldWithOrigins();
    const conversation = fc.record({
      pieces: fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }),
      ending: fc.constantFrom('end', 'reset', 'destroy'),
      waits: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(conversation, async ({ pieces, ending, waits }) => {
        const socket = await dialMediator(mediator);
        for (const piece of pieces) socket.write(Buffer.from(piece, 'latin1'));
        if (waits && pieces.length > 0)
          await Promise.race([once(socket, 'readable').catch(() => {}), new Promise(setImmediate)]);
        if (ending === 'end') socket.end();
        else if (ending === 'reset') socket.resetAndDestroy();
        else socket.destroy();
        if (ending === 'end') socket.destroySoon();
      }),
      { numRuns: often(300) },
    );
    await stillServes(mediator);
  });

  it('survives resets in the middle of an intercepted answer and of a handshake', async () => {
    const port = await world.https('api.example', (_, response) => {
      const write = (): void => {
        while (response.write(Buffer.alloc(65_536)));
        response.once('drain', write);
      };
      write();
    });
    const mediator = await world.mediator({ policy, pins: [`api.example:127.0.0.1:${port}`] });
    const ca = readFileSync(mediator.certificatePath, 'utf8');
    for (let round = 0; round < 5; round++) {
      const { socket } = await tunnel(mediator, 'api.example:443');
      const tls = await secured(socket, 'api.example', ca);
      tls.write('GET / HTTP/1.1\r\nHost: api.example\r\n\r\n');
      await once(tls, 'data');
      tls.on('error', () => {}); // we broke it
      socket.resetAndDestroy();
      const half = await tunnel(mediator, 'api.example:443');
      half.socket.write(Buffer.from([0x16, 3, 1, 0, 200, 1, 0]));
      half.socket.resetAndDestroy();
    }
    await world.record('egress_close');
    expect((await world.record('egress_request'))['error']).toBe('the client left');
  });

  it('bounds the streams of one HTTP/2 client and survives its resets', async () => {
    const mediator = await worldWithOrigins();
    const { socket } = await tunnel(mediator, 'api.example:443');
    const tls = await secured(socket, 'api.example', readFileSync(mediator.certificatePath, 'utf8'), ['h2']);
    const client = connectHttp2('https://api.example', { createConnection: () => tls });
    client.on('error', () => client.destroy());
    await once(client, 'remoteSettings');
    expect(client.remoteSettings.maxConcurrentStreams).toBe(128);
    for (let count = 0; count < 100; count++) {
      const stream = client.request({ ':path': `/${count}` });
      stream.on('error', () => {}); // we cancel it
      stream.close();
    }
    client.destroy();
    await stillServes(mediator);
  });

  it('answers a flood of refused tunnels, each with its record', async () => {
    const mediator = await world.mediator({ mode: 'strict' });
    const hosts = Array.from({ length: 100 }, (_, index) => `host-${index}.example`);
    const answers = await Promise.all(
      hosts.map(host => exchangeRaw(mediator, `CONNECT ${host}:443 HTTP/1.1\r\nHost: ${host}\r\n\r\n`)),
    );
    expect(answers.every(answer => answer.startsWith('HTTP/1.1 403 '))).toBe(true);
    expect(new Set(world.records().map(record => record['host'])).size).toBe(101);
  });
});
