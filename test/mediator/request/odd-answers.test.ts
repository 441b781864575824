import { request as requestHttp } from 'node:http';
import { connect as connectHttp2, constants } from 'node:http2';
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Mediator } from '../../../src/mediator/start-mediator.ts';
import { exchangeRaw, secured, tunnel, World } from '../world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

const policy = 'allow:\n  - api.example\n';

async function mediatorFor(port: number): Promise<Mediator> {
  return world.mediator({ policy, pins: [`api.example:127.0.0.1:${port}`] });
}

/** Uploads to a host that answers and closes before it has read it all. */
function upload(mediator: Mediator, port: number, bytes: number): Promise<number> {
  const { hostname, port: at } = new URL(`http://${mediator.address}`);
  return new Promise((resolve, reject) => {
    const sent = requestHttp(
      {
        host: hostname,
        port: at,
        method: 'PUT',
        path: `http://api.example:${port}/`,
        headers: { host: `api.example:${port}` },
      },
      response => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    sent.on('error', reject);
    for (let left = bytes; left > 0; left -= 65_536) sent.write(Buffer.alloc(Math.min(left, 65_536)));
    sent.end();
  });
}

it('an origin that answers an upload early and closes is heard, each time', async () => {
  const port = await world.http((_, response) => {
    response.writeHead(413, { connection: 'close' });
    response.end('too big');
  });
  const mediator = await mediatorFor(port);
  const statuses: number[] = [];
  for (let time = 0; time < 10; time += 1)
    statuses.push(await upload(mediator, port, 3_000_000).catch(() => -1));
  expect(statuses).toEqual(Array.from({ length: 10 }, () => 413));
});

it('an origin that shuts without an answer is told to the client as 502 at once', async () => {
  const port = await world.tcp(socket => socket.end());
  const mediator = await mediatorFor(port);
  const answer = await exchangeRaw(
    mediator,
    `GET http://api.example:${port}/ HTTP/1.1\r\nHost: api.example:${port}\r\nConnection: close\r\n\r\n`,
  );
  expect(answer).toMatch(/^HTTP\/1\.1 502 /);
});

const INTERIM =
  'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nX-A: 1\r\n\r\n';
const FINAL = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\ndone';

it('interim answers of the origin reach a client of HTTP/1.1, in their order', async () => {
  const port = await world.tcp(socket => socket.once('data', () => socket.end(INTERIM + FINAL)));
  const mediator = await mediatorFor(port);
  const answer = await exchangeRaw(
    mediator,
    `GET http://api.example:${port}/ HTTP/1.1\r\nHost: api.example:${port}\r\nConnection: close\r\n\r\n`,
  );
  const starts = answer.match(/HTTP\/1\.1 \d{3}/g);
  expect(starts).toEqual(['HTTP/1.1 102', 'HTTP/1.1 103', 'HTTP/1.1 200']);
  expect(answer).toMatch(/103 Early Hints\r\nLink: <\/a\.css>; rel=preload\r\nX-A: 1\r\n\r\n/i);
});

it('interim answers are kept from a client of HTTP/1.0, which knows none', async () => {
  const port = await world.tcp(socket => socket.once('data', () => socket.end(INTERIM + FINAL)));
  const mediator = await mediatorFor(port);
  const answer = await exchangeRaw(
    mediator,
    `GET http://api.example:${port}/ HTTP/1.0\r\nHost: api.example:${port}\r\n\r\n`,
  );
  expect(answer.match(/HTTP\/1\.1 \d{3}/g)).toEqual(['HTTP/1.1 200']);
});

/** An HTTP/2 request through an intercepted tunnel: interim statuses, the flags of the answer's head, its fields, body and trailers. */
async function askHttp2(mediator: Mediator, method = 'POST') {
  const { socket } = await tunnel(mediator, 'api.example:443');
  const tls = await secured(socket, 'api.example', readFileSync(mediator.certificatePath, 'utf8'), ['h2']);
  const session = connectHttp2('https://api.example', { createConnection: () => tls });
  const stream = session.request({ ':path': '/', ':method': method, te: 'trailers' });
  const interim: (number | undefined)[] = [];
  let trailers: object | null = null;
  stream.on('headers', headers => interim.push(headers[':status']));
  stream.on('trailers', fields => {
    trailers = { ...fields };
  });
  const answered = once(stream, 'response');
  stream.end();
  const [headers, flags] = (await answered) as [Record<string, unknown>, number];
  let body = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
  await once(stream, 'end');
  session.close();
  const endsHead = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
  return { status: headers[':status'], fields: headers, interim, endsHead, body, trailers };
}

it('an answer that is its head alone ends its stream with it, as gRPC clients need', async () => {
  const port = await world.http2('api.example', server =>
    server.on('stream', stream =>
      stream.respond({ ':status': 200, 'grpc-status': '7' }, { endStream: true }),
    ),
  );
  const mediator = await mediatorFor(port);
  expect(await askHttp2(mediator)).toMatchObject({
    status: 200,
    endsHead: true,
    body: '',
    fields: { 'grpc-status': '7' },
  });
});

it('trailers behind a body, and interim answers, pass through HTTP/2', async () => {
  const port = await world.http2('api.example', server =>
    server.on('stream', stream => {
      stream.additionalHeaders({ ':status': 103, link: '</a.css>' });
      stream.respond({ ':status': 200 }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.end('hello');
    }),
  );
  const mediator = await mediatorFor(port);
  expect(await askHttp2(mediator)).toMatchObject({
    interim: [103],
    endsHead: false,
    body: 'hello',
    trailers: { 'grpc-status': '0' },
  });
});
