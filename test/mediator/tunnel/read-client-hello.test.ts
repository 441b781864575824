import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { connect, createServer } from 'node:tls';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readClientHello } from '../../../src/mediator/tunnel/read-client-hello.ts';
import { World } from '../world.ts';
import { often } from '../../runs.ts';

/** Both ends of a wire that goes nowhere: what is written into it is heard, what it is given is read. */
function wire(heard: (chunk: Buffer) => void): Duplex {
  return new Duplex({
    read: () => {},
    write: (chunk: Buffer, _, done) => {
      heard(chunk);
      done();
    },
  });
}

/** The first record that Node's own TLS client sends. */
function helloFor(servername: string, ALPNProtocols: string[]): Promise<Buffer> {
  return new Promise(resolve => {
    const client = connect({ socket: wire(resolve), servername, ALPNProtocols });
    client.on('error', () => client.destroy());
  });
}

/** A TLS server that tells the name which OpenSSL reads in a ClientHello; null where it answers, refuses or closes without having asked for one. */
async function openSsl(world: World): Promise<(hello: Buffer) => Promise<string | null>> {
  const { key, certificate } = await world.leafFor('api.example');
  let named: string | null = null;
  const SNICallback = (name: string, done: (error: null) => void): void => {
    named = name;
    done(null);
  };
  const server = createServer({ key, cert: certificate, SNICallback }).setMaxListeners(0);
  return async hello => {
    named = null;
    const answered = Promise.withResolvers<void>();
    const socket = wire(() => answered.resolve());
    const refused = once(server, 'tlsClientError');
    const closed = once(socket, 'close');
    server.emit('connection', socket);
    socket.push(hello);
    socket.push(null);
    await Promise.race([answered.promise, refused, closed, pause(PATIENCE_MS)]);
    socket.destroy();
    return named;
  };
}

const HEADER = 5;
/** A server that says nothing for so long has asked for no name. */
const PATIENCE_MS = 100;

describe('a ClientHello', () => {
  it('names for us whom it names for OpenSSL, or is malformed, whatever is changed in it', async () => {
    const world = new World();
    const nameForOpenSsl = await openSsl(world);
    const hello = await helloFor('api.example', ['h2', 'http/1.1']);
    const place = fc.oneof(
      fc.nat(hello.length - HEADER - 1),
      fc.integer({ min: -9, max: 12 }).map(off => hello.indexOf('api.example') - HEADER + off),
    );
    const change = fc.record({ at: place, byte: fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0x2e, 0xe1)) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 3 }), async changes => {
        const changed = Buffer.from(hello);
        for (const { at, byte } of changes) changed[HEADER + at] = byte;
        const ours = readClientHello(changed.subarray(HEADER));
        const theirs = await nameForOpenSsl(changed);
        if (ours.type === 'tls' && theirs !== null) expect(ours.serverName).toBe(theirs);
      }),
      { numRuns: often(300) },
    );
    await world.end();
  });

  it('a ClientHello with a non-ASCII name is malformed: another reader may cut it to one that is allowed', async () => {
    const hello = await helloFor('api.example', []);
    hello[hello.indexOf('api.example')] = 0xe1; // `a` without its highest bit
    expect(readClientHello(hello.subarray(HEADER))).toMatchObject({ type: 'malformed' });
  });

  it('cut short anywhere is malformed, but for one that has no extensions at all: it names nobody', async () => {
    const message = (await helloFor('api.example', ['h2'])).subarray(HEADER);
    const cuts = Array.from(message, (_, length) => readClientHello(message.subarray(0, length)));
    expect(cuts.filter(({ type }) => type === 'tls')).toEqual([
      { type: 'tls', serverName: null, protocols: [] },
    ]);
  });
});
