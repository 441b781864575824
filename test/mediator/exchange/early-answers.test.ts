import { readFileSync } from 'node:fs';
import {
  connect as connectHttp2,
  constants,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type ServerHttp2Stream,
} from 'node:http2';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Mediator } from '../../../src/mediator/start-mediator.ts';
import { until } from '../../until.ts';
import { secured, tunnel, World } from '../world.ts';

const HOST = 'a.test';
const { NGHTTP2_NO_ERROR } = constants;

let world: World;
let mediator: Mediator;
let port = 0;
let accepted: (stream: ServerHttp2Stream) => void = () => {};

beforeAll(async () => {
  world = new World();
  port = await world.http2(HOST, server =>
    server.on('stream', stream => {
      stream.on('error', () => {});
      accepted(stream);
    }),
  );
  mediator = await world.mediator({
    mode: 'strict',
    policy: `allow: [${HOST}]\n`,
    pins: [`${HOST}:127.0.0.1:${port}`],
  });
});
afterAll(() => world.end());

async function open(isMediated: boolean): Promise<ClientHttp2Session> {
  const ca = isMediated
    ? readFileSync(mediator.certificatePath, 'utf8')
    : (await world.originRoot()).certificate;
  const socket = isMediated
    ? await secured((await tunnel(mediator, `${HOST}:443`)).socket, HOST, ca, ['h2'])
    : connectTls({ host: '127.0.0.1', port, servername: HOST, ca, ALPNProtocols: ['h2'] });
  const session = connectHttp2(`https://${HOST}`, { createConnection: () => socket });
  session.on('error', () => session.destroy());
  return session;
}

/** An upload that ends only when its stream does. */
function upload(session: ClientHttp2Session, path: string): ClientHttp2Stream {
  const stream = session.request({ ':path': path, ':method': 'POST' });
  const more = (): void => {
    if (stream.writable) stream.write('x'.repeat(10_000), () => setImmediate(more));
  };
  more();
  return stream;
}

/** The end of an upload as its client sees it. */
interface UploadView {
  readonly status: number;
  readonly grpcStatus: unknown;
  readonly bytes: number;
  readonly trailers: Readonly<Record<string, unknown>>;
  readonly hasEnded: boolean;
  readonly rstCode: number | undefined;
  readonly error: string | null;
}

/** Hears an upload until its stream is over; it reads the answer only once `reads` has settled. */
async function hear(
  stream: ClientHttp2Stream,
  reads: Promise<unknown> = Promise.resolve(),
): Promise<UploadView> {
  const seen = { status: 0, grpcStatus: null as unknown, bytes: 0, trailers: {}, hasEnded: false };
  let error: string | null = null;
  stream.on('response', headers => {
    seen.status = Number(headers[':status']);
    seen.grpcStatus = headers['grpc-status'];
  });
  stream.on('trailers', fields => (seen.trailers = { ...fields }));
  stream.on('error', ({ message }: Error) => (error = message));
  stream.once('end', () => (seen.hasEnded = true));
  await reads;
  stream.on('data', (chunk: Buffer) => (seen.bytes += chunk.length));
  await until(() => stream.closed && stream.destroyed, { describe: 'the stream is over' });
  return { ...seen, rstCode: stream.rstCode, error };
}

/** An origin that answers without reading, and then asks for the end of the upload. */
const stopping = (answer: (stream: ServerHttp2Stream) => void) => (stream: ServerHttp2Stream) => {
  answer(stream);
  stream.once('finish', () => setImmediate(() => stream.close(NGHTTP2_NO_ERROR)));
};

/** A body that fills the client's window to the byte (RFC 9113 §6.9.2): its end waits until the client reads. */
const WINDOW = 65_535;

const ANSWERS: readonly (readonly [name: string, answer: (stream: ServerHttp2Stream) => void])[] = [
  [
    'a body',
    stream => {
      stream.respond({ ':status': 413 });
      stream.end('too much');
    },
  ],
  ['a head alone', stream => stream.respond({ ':status': 401 }, { endStream: true })],
  [
    'the HEADERS of an error of gRPC',
    stream =>
      stream.respond(
        { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '7' },
        { endStream: true },
      ),
  ],
  [
    'trailers',
    stream => {
      stream.respond({ ':status': 200 }, { waitForTrailers: true });
      stream.once('wantTrailers', () => stream.sendTrailers({ 'x-sum': 'abc' }));
      stream.end('fine');
    },
  ],
  [
    'a body of many windows',
    stream => {
      stream.respond({ ':status': 200 });
      stream.end('y'.repeat(10 * WINDOW));
    },
  ],
];

describe('an answer that comes before the end of an upload', () => {
  it.each(ANSWERS)(
    'an early answer with %s is whole, and RST_STREAM (NO_ERROR) ends the upload',
    async (_name, answer) => {
      accepted = stopping(answer);
      const views = [];
      for (const isMediated of [false, true]) {
        const session = await open(isMediated);
        views.push(await hear(upload(session, '/')));
        session.destroy();
      }
      const [direct, mediated] = views;
      expect(direct).toMatchObject({ hasEnded: true, rstCode: NGHTTP2_NO_ERROR, error: null });
      expect(mediated).toEqual(direct);
    },
  );

  it.each([
    ['does not read the upload', (_stream: ServerHttp2Stream) => {}],
    ['reads the upload on', (stream: ServerHttp2Stream) => void stream.resume()],
  ])('an origin that answers early and %s learns that the upload has ended', async (_name, goOn) => {
    let origin: ServerHttp2Stream | undefined;
    accepted = stream => {
      origin = stream;
      stream.respond({ ':status': 413 });
      stream.end('too much');
      goOn(stream);
    };
    const session = await open(true);
    expect(await hear(upload(session, '/'))).toMatchObject({
      status: 413,
      bytes: 8,
      hasEnded: true,
      error: null,
    });
    await until(() => origin?.closed, { describe: 'the origin learns of the end' });
    session.destroy();
  });

  it.each([WINDOW, WINDOW + 1])(
    'an early answer of %i bytes is not cut off for a client that reads late',
    async size => {
      accepted = stream => {
        stream.respond({ ':status': 200 }, { waitForTrailers: true });
        stream.once('wantTrailers', () => stream.sendTrailers({ 'x-sum': 'abc' }));
        stream.end('y'.repeat(size));
      };
      const session = await open(true);
      const stream = upload(session, '/');
      // The answer was handed on, as far as the window lets it, once a later exchange is over.
      const later = until(() => stream.sentHeaders && stream.readableLength > 0).then(() => {
        accepted = other => other.respond({ ':status': 204 }, { endStream: true });
        return hear(session.request({ ':path': '/later' }));
      });
      expect(await hear(stream, later)).toMatchObject({
        bytes: size,
        trailers: { 'x-sum': 'abc' },
        hasEnded: true,
        error: null,
      });
      session.destroy();
    },
  );

  it('an early answer leaves the other streams of its connection alone', async () => {
    let origin: ServerHttp2Stream | undefined;
    accepted = stream => (origin = stream);
    const session = await open(true);
    const other = session.request({ ':path': '/other', ':method': 'POST' });
    other.write('begun');
    await until(() => origin);
    accepted = stopping(stream => stream.respond({ ':status': 401 }, { endStream: true }));
    expect(await hear(upload(session, '/'))).toMatchObject({ status: 401, rstCode: NGHTTP2_NO_ERROR });
    let body = '';
    origin?.on('data', chunk => (body += String(chunk)));
    origin?.once('end', () => {
      origin?.respond({ ':status': 200 });
      origin?.end(body);
    });
    other.end(' and ended');
    expect(await hear(other)).toMatchObject({ status: 200, bytes: 'begun and ended'.length, error: null });
    session.destroy();
  });

  it('a refusal by the mediator is whole, and ends the upload too', async () => {
    const ca = readFileSync(mediator.certificatePath, 'utf8');
    const socket = await secured((await tunnel(mediator, `${HOST}:443`)).socket, HOST, ca, ['h2']);
    const session = connectHttp2(`https://denied.test`, { createConnection: () => socket });
    const view = await hear(upload(session, '/'));
    expect(view).toMatchObject({ status: 403, hasEnded: true, rstCode: NGHTTP2_NO_ERROR, error: null });
    session.destroy();
  });
});
