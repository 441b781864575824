import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAuthority } from '../../../src/mediator/origin/destination.ts';
import { readPlainConnect } from '../../../src/mediator/request/read-plain-connect.ts';
import { fieldOf, vetHead } from '../../../src/mediator/request/vet-head.ts';

const read = (text: string) => readPlainConnect(Buffer.from(text, 'latin1'));
const HOST = 'Host: a.example:443\r\n';

describe('a plain CONNECT', () => {
  it('a CONNECT of everyday fields is read with its destination, its credentials and the bytes behind it', () => {
    const fields = `${HOST}User-Agent: curl/8\r\nProxy-Authorization:  Basic YTo= \r\nProxy-Connection: Keep-Alive\r\n`;
    const plain = read(`CONNECT A.example:443 HTTP/1.1\r\n${fields}\r\nhello`);
    expect(plain).toMatchObject({
      to: { host: 'a.example', port: 443, isAddress: false },
      proxyAuthorization: 'Basic YTo=',
    });
    expect(plain?.rest.toString()).toBe('hello');
  });

  it.each([
    ['not whole', `CONNECT a.example:443 HTTP/1.1\r\n${HOST}`],
    ['without a field', 'CONNECT a.example:443 HTTP/1.1\r\n\r\n'],
    ['of another method', `GET http://a.example/ HTTP/1.1\r\n${HOST}\r\n`],
    ['of another version', `CONNECT a.example:443 HTTP/1.0\r\n${HOST}\r\n`],
    ['with a field twice', `CONNECT a.example:443 HTTP/1.1\r\n${HOST}host: b.example\r\n\r\n`],
    ['with a coding', `CONNECT a.example:443 HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n`],
    ['with a length', `CONNECT a.example:443 HTTP/1.1\r\n${HOST}Content-Length: 3\r\n\r\nabc`],
    ['with an upgrade', `CONNECT a.example:443 HTTP/1.1\r\n${HOST}Upgrade: websocket\r\n\r\n`],
    ['with a bare LF', `CONNECT a.example:443 HTTP/1.1\nHost: a.example\n\r\n\r\n`],
    ['with a folded field', `CONNECT a.example:443 HTTP/1.1\r\n${HOST} more: x\r\n\r\n`],
    ['with a blank before a colon', `CONNECT a.example:443 HTTP/1.1\r\nHost : a.example\r\n\r\n`],
    ['with a byte that is not ASCII', `CONNECT a.example:443 HTTP/1.1\r\nUser-Agent: \u00e4\r\n\r\n`],
    ['without a port', `CONNECT a.example HTTP/1.1\r\n${HOST}\r\n`],
    ['with a port that is none', `CONNECT a.example:99999 HTTP/1.1\r\n${HOST}\r\n`],
    ['with credentials before the host', `CONNECT a:b@a.example:443 HTTP/1.1\r\n${HOST}\r\n`],
    ['that is long', `CONNECT a.example:443 HTTP/1.1\r\nUser-Agent: ${'a'.repeat(3000)}\r\n\r\n`],
  ])('a head %s is left to the parser', (_, text) => {
    expect(read(text)).toBeNull();
  });
});

describe("a plain CONNECT beside Node's parser", () => {
  const server = createServer({ requireHostHeader: false });
  const heard: { readonly request: IncomingMessage; readonly head: Buffer }[] = [];
  beforeAll(async () => {
    server.on('connect', (request, socket, head) => {
      heard.push({ request, head });
      socket.end('taken');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => void server.close());

  const word = (letters: string, most: number) =>
    fc.string({ unit: fc.constantFrom(...letters.split('')), maxLength: most });
  const field = fc
    .tuple(
      fc.constantFrom(
        'Host',
        'user-agent',
        'Proxy-Authorization',
        'proxy-connection',
        'Accept',
        'Upgrade',
        'Via',
      ),
      fc.constantFrom(':', ': ', ':  ', ' : '),
      word('ab :=/,"\t\u00e4', 6),
      fc.constantFrom('\r\n', '\r\n', '\r\n', '\n', ' \r\n'),
    )
    .map(parts => parts.join(''));
  const headText = fc
    .tuple(
      fc.constantFrom(
        'a.example',
        'A.b',
        '127.0.0.1',
        'a..b',
        '-a',
        '_a.b',
        '0x7f.1',
        'a.example.',
        '1',
        '.',
      ),
      fc.constantFrom(':443', ':0', ':00080', ':65536', ''),
      fc.constantFrom('HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0'),
      fc.array(field, { maxLength: 4 }),
      word('x\r\n', 3),
    )
    .map(
      ([host, port, version, fields, rest]) =>
        `CONNECT ${host}${port} ${version}\r\n${fields.join('')}\r\n${rest}`,
    );

  it('every head that is read as plain is taken by the parser and the vetting, with the same meaning', async () => {
    const { port } = server.address() as AddressInfo;
    await fc.assert(
      fc.asyncProperty(headText, async text => {
        const plain = read(text);
        if (!plain) return;
        heard.length = 0;
        const socket = connect({ port, host: '127.0.0.1' });
        socket.on('error', () => socket.destroy());
        socket.write(Buffer.from(text, 'latin1'));
        socket.resume();
        await once(socket, 'close');
        const [{ request, head } = { request: null, head: null }] = heard;
        expect(request?.method).toBe('CONNECT');
        const { rawHeaders = [], url = '', httpVersion = '' } = request ?? {};
        expect(vetHead({ method: 'CONNECT', target: url, httpVersion, rawHeaders })).toBeNull();
        expect(readAuthority(url, null)).toEqual({ type: 'destination', destination: plain.to });
        expect(plain.proxyAuthorization).toBe(fieldOf(rawHeaders, 'proxy-authorization'));
        expect(plain.rest.equals(head ?? Buffer.from('none'))).toBe(true);
      }),
      { numRuns: 400 },
    );
  });
});
