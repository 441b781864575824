import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import {
  connect as connectHttp2,
  constants,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type ServerHttp2Stream,
  type IncomingHttpHeaders,
} from 'node:http2';
import { createHash } from 'node:crypto';
import { checkServerIdentity, connect as connectTls, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Mediator } from '../../../src/mediator/start-mediator.ts';
import { until } from '../../until.ts';
import { exchangeRaw, readAll, secured, tunnel, World } from '../world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

const policy = 'allow:\n  - api.example\n  - other.example\n';
const ours = (mediator: Mediator): string => readFileSync(mediator.certificatePath, 'utf8');

/** TLS to a host through the mediator, trusting its authority. */
async function open(mediator: Mediator, host = 'api.example', protocols = ['http/1.1']): Promise<TLSSocket> {
  const { head, socket } = await tunnel(mediator, `${host}:443`);
  expect(head).toMatch(/^HTTP\/1\.1 200 /);
  return secured(socket, host, ours(mediator), protocols);
}

async function get(mediator: Mediator, path: string, host = 'api.example', fields = ''): Promise<string> {
  const tls = await open(mediator);
  tls.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${fields}\r\n`);
  return readAll(tls);
}

describe('a tunnel to an allowed host', () => {
  it('a tunnel is intercepted: our certificate, the origin’s answer, one allow, one request record, one close', async () => {
    const port = await world.https('api.example', (request, response) =>
      response.end(`you asked for ${request.url}`),
    );
    const mediator = await world.mediator({ policy, pins: [`api.example:127.0.0.1:${port}`] });
    const tls = await open(mediator);
    expect(tls.getPeerCertificate().issuer['O']).toBe('egresstop');
    expect(tls.getCipher().standardName).toContain('TLS');
    tls.write('GET /x?token=secret HTTP/1.1\r\nHost: api.example\r\nConnection: close\r\n\r\n');
    expect(await readAll(tls)).toContain('you asked for /x?token=secret');
    expect(await world.record('egress_request')).toMatchObject({
      host: 'api.example',
      method: 'GET',
      url: 'https://api.example/x?…',
      status: 200,
      bytes_in: 29,
      mitm: true,
    });
    await world.record('egress_close');
    expect(world.events()).toEqual([
      'egress_listen',
      'egress_connect',
      'egress_allow',
      'egress_response',
      'egress_request',
      'egress_close',
    ]);
    expect(await world.record('egress_allow')).toMatchObject({
      mitm: true,
      interception: 'intercepted',
      reason: 'allowlisted',
    });
  });

  it('keeps one connection for many requests, on both sides', async () => {
    let connections = 0;
    const port = await world.https('api.example', (request, response) => {
      request.resume();
      response.end(`#${connections}`);
    });
    const mediator = await world.mediator({ policy, pins: [`api.example:127.0.0.1:${port}`] });
    const tls = await open(mediator);
    let text = '';
    tls.on('data', chunk => (text += chunk.toString()));
    connections = 1;
    for (const count of [1, 2, 3]) {
      tls.write('GET / HTTP/1.1\r\nHost: api.example\r\n\r\n');
      await until(() => text.split('#').length === count + 1);
    }
    tls.destroy();
    await world.record('egress_close');
    expect(world.events().filter(event => event === 'egress_allow')).toHaveLength(1);
    expect(world.events().filter(event => event === 'egress_request')).toHaveLength(3);
  });

  it('rules on a Host that names another host by itself', async () => {
    const port = await world.https('api.example', (_, response) => response.end('api'));
    const otherPort = await world.https('other.example', (_, response) => response.end('other'));
    const pins = [`api.example:127.0.0.1:${port}`, `other.example:127.0.0.1:${otherPort}`];
    const mediator = await world.mediator({ policy, mode: 'strict', pins });
    expect(await get(mediator, '/', 'evil.example')).toMatch(/^HTTP\/1\.1 403 [\s\S]*not allowlisted/);
    expect(await world.record('egress_deny')).toMatchObject({
      host: 'evil.example',
      reason: 'not allowlisted',
    });
    expect(await get(mediator, '/', 'other.example')).toContain('other');
    expect(await world.record('egress_allow', { host: 'other.example' })).toMatchObject({ mitm: true });
    expect(await get(mediator, '/', '169.254.169.254')).toMatch(/^HTTP\/1\.1 403 /);
    await world.record('egress_internal_deny', { host: '169.254.169.254' });
  });

  it('answers 502 when the origin’s certificate does not hold, and never sends it a request', async () => {
    let requests = 0;
    const port = await world.https('wrong.example', (_, response) => {
      requests += 1;
      response.end();
    });
    const mediator = await world.mediator({ policy, pins: [`api.example:127.0.0.1:${port}`] });
    expect(await get(mediator, '/')).toMatch(/^HTTP\/1\.1 502 /);
    expect((await world.record('egress_mitm_upstream_error'))['error']).toContain(
      'ERR_TLS_CERT_ALTNAME_INVALID',
    );
    expect(requests).toBe(0);
    expect(world.events()).not.toContain('egress_allow');
  });

  it('trusts no unknown authority of an origin', async () => {
    const port = await world.https('api.example', (_, response) => response.end());
    const mediator = await world.mediator({
      policy,
      upstreamRoots: [],
      pins: [`api.example:127.0.0.1:${port}`],
    });
    expect(await get(mediator, '/')).toMatch(/^HTTP\/1\.1 502 /);
    await world.record('egress_mitm_upstream_error');
  });

  it('records a client that refuses our certificate', async () => {
    const port = await world.https('api.example', (_, response) => response.end());
    const mediator = await world.mediator({ policy, pins: [`api.example:127.0.0.1:${port}`] });
    const { socket } = await tunnel(mediator, 'api.example:443');
    const theirs = (await world.originRoot()).certificate;
    await expect(secured(socket, 'api.example', theirs)).rejects.toThrow(/certificate|issuer/);
    expect(await world.record('egress_mitm_handshake_error')).toMatchObject({ host: 'api.example' });
    expect(world.events()).not.toContain('egress_allow');
  });

  it('records a client that pins a key and leaves after the handshake', async () => {
    const port = await world.https('api.example', (_, response) => response.end());
    const mediator = await world.mediator({ policy, pins: [`api.example:127.0.0.1:${port}`] });
    const { socket } = await tunnel(mediator, 'api.example:443');
    const tls = connectTls({
      socket,
      servername: 'api.example',
      ca: ours(mediator),
      checkServerIdentity: (host, certificate) =>
        checkServerIdentity(host, certificate) ?? new Error('not the pinned key'),
    });
    await once(tls, 'error');
    socket.destroy();
    await world.record('egress_mitm_handshake_error');
  });

  it('closes at a policy change, unless told to keep', async () => {
    const port = await world.https('api.example', (_, response) => response.write('never ends'));
    const pins = [`api.example:127.0.0.1:${port}`];
    const mediator = await world.mediator({ policy, mode: 'strict', pins });
    const tls = await open(mediator);
    tls.write('GET / HTTP/1.1\r\nHost: api.example\r\n\r\n');
    await once(tls, 'data');
    world.writePolicy('allow: []\n');
    await readAll(tls);
    expect((await world.record('egress_close'))['reason']).toBe('policy changed: not allowlisted');
  });

  it('streams an upload of unknown length and its answer both ways at once', async () => {
    const port = await world.https('api.example', (request, response) => request.pipe(response));
    const mediator = await world.mediator({ policy, pins: [`api.example:127.0.0.1:${port}`] });
    const tls = await open(mediator);
    let text = '';
    tls.on('data', chunk => (text += chunk.toString()));
    tls.write('POST /echo HTTP/1.1\r\nHost: api.example\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n');
    await until(() => text.includes('first'));
    tls.write('6\r\nsecond\r\n0\r\n\r\n');
    await until(() => text.includes('second') && text.endsWith('0\r\n\r\n'));
    tls.destroy();
    expect(await world.record('egress_request')).toMatchObject({
      method: 'POST',
      bytes_out: 11,
      bytes_in: 11,
    });
  });

  it('breaks off towards the client when the origin breaks off', async () => {
    const port = await world.https('api.example', (_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('half', () => response.socket?.destroy());
    });
    const mediator = await world.mediator({ policy, pins: [`api.example:127.0.0.1:${port}`] });
    expect(await get(mediator, '/')).toContain('half');
    expect((await world.record('egress_request'))['error']).toBeTypeOf('string');
  });

  it('speaks to an address as well, with its certificate for that address', async () => {
    const port = await world.https('203.0.113.5', (_, response) => response.end('by address'));
    const policy = 'allow:\n  - 203.0.113.5\n';
    const mediator = await world.mediator({ policy, pins: [`203.0.113.5:127.0.0.1:${port}`] });
    const { socket } = await tunnel(mediator, '203.0.113.5:443');
    const tls = connectTls({ socket, host: '203.0.113.5', ca: ours(mediator) });
    await once(tls, 'secureConnect');
    tls.write('GET / HTTP/1.1\r\nHost: 203.0.113.5\r\nConnection: close\r\n\r\n');
    expect(await readAll(tls)).toContain('by address');
    expect(await world.record('egress_allow')).toMatchObject({ interception: 'intercepted', mitm: true });
  });

  it('leaves an inside address that an entry opens its own TLS: the authority may not vouch for it', async () => {
    const port = await world.https('127.0.0.1', (_, response) => response.end('its own'));
    const mediator = await world.mediator({ policy: 'allow:\n  - 127.0.0.1\n' });
    const { socket } = await tunnel(mediator, `127.0.0.1:${port}`);
    const tls = connectTls({ socket, host: '127.0.0.1', rejectUnauthorized: false });
    await once(tls, 'secureConnect');
    const origin = new X509Certificate((await world.originRoot()).certificate);
    expect(tls.getPeerX509Certificate()?.verify(origin.publicKey)).toBe(true);
    tls.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
    expect(await readAll(tls)).toContain('its own');
    const allowed = { internal: true, mitm: false, interception: 'opaque' };
    expect(await world.record('egress_allow')).toMatchObject(allowed);
  });

  it('carries clear requests too, each ruled on', async () => {
    const port = await world.http((request, response) => response.end(`clear ${request.url}`));
    const mediator = await world.mediator({ policy, pins: [`api.example:127.0.0.1:${port}`] });
    const { socket } = await tunnel(mediator, 'api.example:80');
    socket.write('GET /x HTTP/1.1\r\nHost: api.example\r\nConnection: close\r\n\r\n');
    expect(await readAll(socket)).toContain('clear /x');
    expect(await world.record('egress_allow')).toMatchObject({ interception: 'cleartext', mitm: false });
    expect(await world.record('egress_request')).toMatchObject({ url: 'http://api.example/x' });
  });

  it('denies what is neither TLS nor HTTP', async () => {
    const port = await world.tcp(() => {});
    const mediator = await world.mediator({ policy, pins: [`api.example:127.0.0.1:${port}`] });
    const { socket } = await tunnel(mediator, 'api.example:443');
    socket.write('\x00\x01\x02\x03');
    await readAll(socket);
    await world.record('egress_deny', { signal: 'unmediatable-protocol' });
  });
});

describe('a WebSocket', () => {
  it('a WebSocket is upgraded and spliced inside an intercepted tunnel', async () => {
    const port = await world.webSocket('api.example');
    const mediator = await world.mediator({ policy, pins: [`api.example:127.0.0.1:${port}`] });
    const tls = await open(mediator);
    const key = Buffer.from('0123456789abcdef').toString('base64');
    tls.write(
      `GET /chat HTTP/1.1\r\nHost: api.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    );
    let text = '';
    tls.on('data', chunk => (text += chunk.toString()));
    await until(() => text.includes('\r\n\r\n'));
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    expect(text).toMatch(/^HTTP\/1\.1 101 /);
    expect(text).toContain(accept);
    tls.write('frame one');
    await until(() => text.endsWith('frame one'));
    tls.end();
    expect(await world.record('egress_request')).toMatchObject({
      status: 101,
      url: 'https://api.example/chat',
      bytes: 18,
    });
  });

  it('a WebSocket to a denied host is denied like any request', async () => {
    const port = await world.https('api.example', (_, response) => response.end());
    const mediator = await world.mediator({
      policy,
      mode: 'strict',
      pins: [`api.example:127.0.0.1:${port}`],
    });
    const answer = await get(mediator, '/', 'evil.example', 'Connection: Upgrade\r\nUpgrade: websocket\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  });
});

describe('HTTP/2', () => {
  async function session(mediator: Mediator): Promise<ClientHttp2Session> {
    const tls = await open(mediator, 'api.example', ['h2', 'http/1.1']);
    expect(tls.alpnProtocol).toBe('h2');
    const client = connectHttp2('https://api.example', { createConnection: () => tls });
    client.on('error', () => client.destroy());
    world.atEnd(() => client.destroy());
    return client;
  }

  async function ask(client: ClientHttp2Session, headers: Record<string, string>, body?: string) {
    const stream = client.request(headers);
    stream.end(body);
    let trailers: IncomingHttpHeaders = {};
    stream.on('trailers', given => (trailers = given));
    const [answer] = (await once(stream, 'response')) as [IncomingHttpHeaders];
    let text = '';
    for await (const chunk of stream) text += String(chunk);
    return { status: answer[':status'], text, trailers };
  }

  it('HTTP/2 is spoken to both sides, bodies and trailers included, as gRPC needs', async () => {
    const port = await world.http2('api.example', server =>
      server.on('stream', (stream, headers) => {
        let body = '';
        stream.on('data', chunk => (body += String(chunk)));
        stream.on('end', () => {
          stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
          stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
          stream.end(`${headers[':path']} ${body}`);
        });
      }),
    );
    const mediator = await world.mediator({ policy, pins: [`api.example:127.0.0.1:${port}`] });
    const client = await session(mediator);
    const answers = await Promise.all(
      ['/a', '/b', '/c'].map(path => ask(client, { ':path': path, ':method': 'POST' }, 'hello')),
    );
    expect(answers.map(({ text }) => text)).toEqual(['/a hello', '/b hello', '/c hello']);
    expect(answers[0]?.trailers['grpc-status']).toBe('0');
    expect(await world.record('egress_request')).toMatchObject({
      status: 200,
      method: 'POST',
      url: 'https://api.example/a',
    });
    expect(world.events().filter(event => event === 'egress_allow')).toHaveLength(1);
  });

  it.each<[string, (stream: ServerHttp2Stream) => void]>([
    ['an error', stream => void stream.destroy(new Error('broken'))],
    ['the end of its session', stream => stream.session?.destroy()],
    ['the end of its connection', stream => void stream.session?.socket.destroy()],
  ])('breaks off towards the client when the origin does, by %s', async (_, breakOff) => {
    const port = await world.http2('api.example', server =>
      server.on('stream', stream => {
        stream.on('error', () => {}); // it broke off itself
        stream.respond({ ':status': 200 });
        stream.write('half', () => breakOff(stream));
      }),
    );
    const mediator = await world.mediator({ policy, pins: [`api.example:127.0.0.1:${port}`] });
    const stream = (await session(mediator)).request({ ':path': '/' });
    stream.on('error', () => {}); // what is asked for
    stream.resume();
    await new Promise(resolve => stream.once('close', resolve));
    expect(stream.rstCode).not.toBe(constants.NGHTTP2_NO_ERROR);
    expect((await world.record('egress_request'))['error']).toBeTypeOf('string');
  });

  it.each<[string, (stream: ClientHttp2Stream) => void]>([
    ['a reset', stream => stream.destroy(new Error('broken'))],
    ['a cancellation', stream => stream.destroy()],
    ['the end of its session', stream => stream.session?.destroy()],
  ])('a cut upload over HTTP/2 never looks whole: %s', async (_, cut) => {
    let fate = '';
    const port = await world.http2('api.example', server =>
      server.on('stream', stream => {
        stream.on('error', () => {}); // what is asked for
        stream.resume();
        stream.on('end', () => (fate ||= (stream.rstCode ?? 0) === 0 ? 'whole' : 'cut'));
        stream.on('close', () => (fate ||= 'cut'));
      }),
    );
    const mediator = await world.mediator({ policy, pins: [`api.example:127.0.0.1:${port}`] });
    const stream = (await session(mediator)).request({ ':path': '/', ':method': 'POST' });
    stream.on('error', () => {}); // what is asked for
    stream.write('half');
    await world.record('egress_allow');
    cut(stream);
    await until(() => fate);
    expect(fate).toBe('cut');
    expect(await world.record('egress_request')).toMatchObject({ error: 'the client left' });
  });

  it('tells the origin that the client wants trailers, as gRPC needs, and nothing else of te', async () => {
    const port = await world.http2('api.example', server =>
      server.on('stream', (stream, { te }) => {
        stream.respond({ ':status': 200 });
        stream.end(String(te));
      }),
    );
    const mediator = await world.mediator({ policy, pins: [`api.example:127.0.0.1:${port}`] });
    const client = await session(mediator);
    expect(await ask(client, { ':path': '/', te: 'trailers' })).toMatchObject({ text: 'trailers' });
    expect(await ask(client, { ':path': '/' })).toMatchObject({ text: 'undefined' });
  });

  it('rules on an :authority that names another host by itself', async () => {
    const port = await world.http2('api.example', server =>
      server.on('stream', stream => stream.respond({ ':status': 200 })),
    );
    const mediator = await world.mediator({
      policy,
      mode: 'strict',
      pins: [`api.example:127.0.0.1:${port}`],
    });
    const client = await session(mediator);
    expect(await ask(client, { ':path': '/', ':authority': 'evil.example' })).toMatchObject({ status: 403 });
    await world.record('egress_deny', { host: 'evil.example' });
  });

  it('a flood of HTTP/2 fields is refused, with a record', async () => {
    const port = await world.http2('api.example', server =>
      server.on('stream', stream => stream.respond({ ':status': 200 })),
    );
    const mediator = await world.mediator({ policy, pins: [`api.example:127.0.0.1:${port}`] });
    const flood = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`x-${index}`, 'y']));
    expect(await ask(await session(mediator), { ':path': '/', ...flood })).toMatchObject({ status: 400 });
    await world.record('egress_deny', { reason: 'malformed request: more than 128 header fields' });
  });

  it('HTTP/2 is not offered where the origin does not speak it', async () => {
    const port = await world.https('api.example', (_, response) => response.end('one'));
    const mediator = await world.mediator({ policy, pins: [`api.example:127.0.0.1:${port}`] });
    const tls = await open(mediator, 'api.example', ['h2', 'http/1.1']);
    expect(tls.alpnProtocol).toBe('http/1.1');
    tls.destroy();
  });
});

describe('what request smuggling is made of', () => {
  const shapes: readonly (readonly [string, string])[] = [
    ['CL and TE', 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['TE and CL', 'Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n'],
    ['two Content-Lengths', 'Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd'],
    ['two equal Content-Lengths', 'Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd'],
    ['a list of Content-Lengths', 'Content-Length: 4, 5\r\n\r\nabcd'],
    ['a signed Content-Length', 'Content-Length: +4\r\n\r\nabcd'],
    ['bare LF', 'X: y\nZ: w\r\n\r\n'],
    ['obs-fold', 'X: y\r\n z\r\n\r\n'],
    ['a folded Transfer-Encoding', 'Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n'],
    ['an unknown coding', 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'],
    ['chunked, identity', 'Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n'],
    ['a blank before the colon', 'Content-Length : 4\r\n\r\nabcd'],
    ['NUL', 'X: a\0b\r\n\r\n'],
    ['two Hosts', 'Host: evil.example\r\n\r\n'],
    [
      'a flood of fields',
      `${Array.from({ length: 200 }, (_, index) => `x-${index}: y`).join('\r\n')}\r\n\r\n`,
    ],
    ['a flood of bytes', `x: ${'y'.repeat(20_000)}\r\n\r\n`],
  ];

  it.each(shapes)('request smuggling is refused and recorded, and reaches no origin: %s', async (_, rest) => {
    let reached = 0;
    const port = await world.http((_request, response) => {
      reached += 1;
      response.end();
    });
    const mediator = await world.mediator({ policy, pins: [`api.example:127.0.0.1:${port}`] });
    const answer = await exchangeRaw(
      mediator,
      `POST http://api.example/ HTTP/1.1\r\nHost: api.example\r\n${rest}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect((await world.record('egress_deny'))['reason']).toContain('malformed request');
    expect(world.events()).toEqual(['egress_listen', 'egress_deny']);
    expect(reached).toBe(0);
  });

  it('request smuggling inside a tunnel is refused', async () => {
    let reached = 0;
    const port = await world.https('api.example', (_, response) => {
      reached += 1;
      response.end();
    });
    const mediator = await world.mediator({ policy, pins: [`api.example:127.0.0.1:${port}`] });
    const tls = await open(mediator);
    tls.write(
      'POST / HTTP/1.1\r\nHost: api.example\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    );
    expect(await readAll(tls)).toMatch(/^HTTP\/1\.1 400 /);
    await world.record('egress_deny', { host: 'api.example' });
    expect(reached).toBe(0);
  });

  it('a Host other than the URL’s is refused', async () => {
    const mediator = await world.mediator({ policy, pins: ['api.example:127.0.0.1:1'] });
    const answer = await exchangeRaw(
      mediator,
      'GET http://api.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    await world.record('egress_deny', {
      host: 'api.example',
      reason: 'name-destination-mismatch: Host names evil.example',
    });
  });
});

describe('a clear request', () => {
  it('a clear request is forwarded without its hop-by-hop fields, and recorded', async () => {
    let seen: NodeJS.Dict<string | string[]> = {};
    const port = await world.http((request, response) => {
      seen = request.headers;
      response.writeHead(201, {
        'set-cookie': ['a=1', 'b=2'],
        'x-origin': 'yes',
        connection: 'x-hop',
        'x-hop': '1',
      });
      response.end('made');
    });
    const mediator = await world.mediator({ pins: [`public.example:127.0.0.1:${port}`] });
    const credentials = Buffer.from('research:fetch').toString('base64');
    const answer = await exchangeRaw(
      mediator,
      `POST http://public.example/x?q=1 HTTP/1.1\r\nHost: public.example\r\nProxy-Authorization: Basic ${credentials}\r\nProxy-Connection: keep-alive\r\nConnection: X-Secret, close\r\nX-Secret: 1\r\nX-Kept: 2\r\nContent-Length: 2\r\n\r\nhi`,
    );
    expect(answer).toMatch(
      /^HTTP\/1\.1 201 Created\r\n[\s\S]*set-cookie: a=1\r\nset-cookie: b=2\r\n[\s\S]*made/i,
    );
    expect(answer).not.toContain('x-hop');
    expect(seen).toMatchObject({ host: 'public.example', 'x-kept': '2' });
    expect(Object.keys(seen)).not.toEqual(expect.arrayContaining(['proxy-authorization']));
    expect(seen['x-secret']).toBeUndefined();
    const allowed = await world.record('egress_allow');
    expect(allowed).toMatchObject({
      agent: 'research',
      tool: 'fetch',
      unlisted: true,
      interception: 'cleartext',
      mitm: false,
    });
    expect(await world.record('egress_request')).toMatchObject({
      url: 'http://public.example/x?…',
      status: 201,
      bytes_out: 2,
      bytes_in: 4,
    });
  });

  it('that is denied is answered 403 on the spot', async () => {
    const mediator = await world.mediator({ mode: 'strict' });
    const answer = await exchangeRaw(
      mediator,
      'GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n',
    );
    expect(answer).toMatch(
      /^HTTP\/1\.1 403 Forbidden\r\n[\s\S]*x-egresstop-reason: not allowlisted\r\n[\s\S]*host: evil.example\n/i,
    );
    expect(await world.record('egress_deny')).toMatchObject({
      host: 'evil.example',
      method: 'GET',
      url: 'http://evil.example/',
    });
  });

  it('a clear request to the metadata service is denied', async () => {
    const mediator = await world.mediator();
    const answer = await exchangeRaw(
      mediator,
      'GET http://169.254.169.254/latest HTTP/1.1\r\nHost: 169.254.169.254\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    await world.record('egress_internal_deny', { host: '169.254.169.254' });
  });

  it('that cannot be delivered is answered 502 with one error record', async () => {
    const mediator = await world.mediator({ pins: ['public.example:127.0.0.1:1'] });
    const answer = await exchangeRaw(
      mediator,
      'GET http://public.example/ HTTP/1.1\r\nHost: public.example\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 502 /);
    await world.record('egress_dial_error', { host: 'public.example' });
    expect(world.events()).toEqual(['egress_listen', 'egress_dial_error']);
  });
});
