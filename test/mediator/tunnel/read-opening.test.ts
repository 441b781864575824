import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { connect } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { readOpening } from '../../../src/mediator/tunnel/read-opening.ts';

/** The ClientHello that Node really sends. */
async function clientHello(servername: string, ALPNProtocols: string[]): Promise<Buffer> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const client = connect({ port, host: '127.0.0.1', servername, ALPNProtocols, rejectUnauthorized: false });
  client.on('error', () => client.destroy()); // nobody answers it
  const [socket] = (await once(server, 'connection')) as [Socket];
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  client.destroy();
  socket.destroy();
  server.close();
  return bytes;
}

/** The same handshake message cut into records of `size` bytes. */
function cut(hello: Buffer, size: number): Buffer {
  const message = hello.subarray(5);
  const records: Buffer[] = [];
  for (let at = 0; at < message.length; at += size) {
    const part = message.subarray(at, at + size);
    records.push(Buffer.from([0x16, 3, 1, part.length >> 8, part.length & 255]), part);
  }
  return Buffer.concat(records);
}

describe('the first bytes of a tunnel', () => {
  it('tell the server name and protocols of a ClientHello, however it is cut', async () => {
    const hello = await clientHello('api.example', ['h2', 'http/1.1']);
    const expected = { type: 'tls', serverName: 'api.example', protocols: ['h2', 'http/1.1'] };
    expect(readOpening(hello)).toEqual(expected);
    expect(readOpening(cut(hello, 1))).toEqual(expected);
    expect(readOpening(cut(hello, 100))).toEqual(expected);
    for (const length of [1, 4, 5, 9, 50, hello.length - 1])
      expect(readOpening(hello.subarray(0, length))).toBeNull();
  });

  it.each([
    ['GET / HTTP/1.1\r\n', { type: 'http' }],
    ['SSH-2.0-OpenSSH\r\n', { type: 'other' }],
    ['\x00\x01', { type: 'other' }],
    ['GE', null],
    ['\x16\x03\x01\x00\x04\x02\x00\x00\x00', { type: 'malformed', why: 'not a ClientHello' }],
  ])('the first bytes %j of a tunnel are %j', (bytes, opening) => {
    expect(readOpening(Buffer.from(bytes, 'latin1'))).toEqual(opening);
  });

  it('that promise an endless ClientHello are malformed', () => {
    const endless = Buffer.from('\x16\x03\x01\x40\x00\x01\xff\xff\xff', 'latin1');
    expect(readOpening(endless)).toMatchObject({ type: 'malformed' });
  });

  it('a ClientHello with two server names is malformed', async () => {
    const hello = await clientHello('api.example', []);
    const at = hello.indexOf('api.example') - 9; // extension type, length, list length, name type, name length
    const extension = hello.subarray(at, at + 9 + 'api.example'.length);
    const twice = Buffer.concat([hello.subarray(0, at), extension, hello.subarray(at)]);
    twice.writeUInt16BE(twice.length - 5, 3);
    twice.writeUIntBE(twice.length - 9, 6, 3);
    const lengthAt = extensionsLengthAt(hello);
    twice.writeUInt16BE(hello.readUInt16BE(lengthAt) + extension.length, lengthAt);
    expect(readOpening(twice)).toMatchObject({ type: 'malformed' });
  });
});

/** Offset of the length of all extensions (RFC 8446 §4.1.2). */
function extensionsLengthAt(hello: Buffer): number {
  let at = 5 + 4 + 2 + 32;
  at += 1 + hello.readUInt8(at);
  at += 2 + hello.readUInt16BE(at);
  return at + 1 + hello.readUInt8(at);
}
