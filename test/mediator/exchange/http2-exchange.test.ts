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
const { NGHTTP2_CANCEL, NGHTTP2_INTERNAL_ERROR, NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM } = constants;

let world: World;
let mediator: Mediator;
let port = 0;
let accepted: (stream: ServerHttp2Stream) => void = () => {};

beforeAll(async () => {
  world = new World();
  port = await world.http2(HOST, server =>
    server.on('stream', stream => {
      stream.on('error', () => {}); // these tests reset streams on purpose
      accepted(stream);
    }),
  );
  mediator = await world.mediator({ policy: `allow: [${HOST}]\n`, pins: [`${HOST}:127.0.0.1:${port}`] });
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

/** An end of a stream as its client saw it. */
interface ClientView {
  readonly status: number | null;
  readonly body: string;
  readonly trailers: Readonly<Record<string, unknown>>;
  readonly is: 'whole' | 'cut off';
}

/** Hears a stream of a client until it is over. */
async function hear(stream: ClientHttp2Stream): Promise<ClientView> {
  let [status, body, hasEnded]: [number | null, string, boolean] = [null, '', false];
  let trailers: Readonly<Record<string, unknown>> = {};
  stream.on('response', headers => (status = Number(headers[':status'])));
  stream.on('data', chunk => (body += String(chunk)));
  stream.on('trailers', fields => (trailers = { ...fields }));
  stream.on('error', () => {});
  stream.once('end', () => (hasEnded = true));
  await until(() => stream.closed && stream.destroyed, { describe: 'the stream is over' });
  const isWhole = hasEnded && status !== null && stream.rstCode === NGHTTP2_NO_ERROR;
  return { status, body, trailers, is: isWhole ? 'whole' : 'cut off' };
}

type Act = (stream: ServerHttp2Stream) => void;

/** Lets the bytes before reach the client. */
const soon = (act: () => void): void => void setTimeout(act, 50);

const answer: Act = stream => stream.respond({ ':status': 200 });
const answerHalf: Act = stream => {
  answer(stream);
  stream.write('half');
};
const closeSession: Act = stream => stream.session?.destroy();
const POINTS: readonly (readonly [point: string, act: Act])[] = [
  ['before its answer', () => {}],
  ['behind the head of its answer', answer],
  ['in the body of its answer', answerHalf],
];
const ENDS: readonly (readonly [end: string, act: Act])[] = [
  ['RST_STREAM (CANCEL)', stream => stream.close(NGHTTP2_CANCEL)],
  ['RST_STREAM (INTERNAL_ERROR)', stream => stream.close(NGHTTP2_INTERNAL_ERROR)],
  ['RST_STREAM (REFUSED_STREAM)', stream => stream.close(NGHTTP2_REFUSED_STREAM)],
  ['GOAWAY and a closed connection', stream => stream.session?.destroy(undefined, NGHTTP2_INTERNAL_ERROR)],
  ['a closed connection', closeSession],
  ['a reset connection', stream => void stream.session?.socket.destroy()],
];

const ANSWERS: readonly (readonly [name: string, act: Act])[] = [
  ['END_STREAM on its HEADERS', stream => stream.respond({ ':status': 204 }, { endStream: true })],
  [
    'END_STREAM on the HEADERS of an error of gRPC',
    stream =>
      stream.respond(
        { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '5' },
        { endStream: true },
      ),
  ],
  [
    'a body',
    stream => {
      answer(stream);
      stream.end('fine');
    },
  ],
  [
    'an empty body in a frame of its own',
    stream => {
      answer(stream);
      soon(() => stream.end());
    },
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
    'GOAWAY before it, and the connection closed behind it',
    stream => {
      stream.session?.close();
      answer(stream);
      soon(() => stream.end('fine'));
    },
  ],
];

/** Asks, with a body where one is given, which does not end before the answer. */
async function run(isMediated: boolean, act: Act, upload: string | null): Promise<ClientView> {
  accepted = act;
  const session = await open(isMediated);
  const stream = session.request(
    { ':path': '/', ':method': upload === null ? 'GET' : 'POST' },
    { endStream: upload === null },
  );
  if (upload !== null) stream.once('end', () => stream.end()).write(upload);
  const seen = await hear(stream);
  session.destroy();
  return seen;
}

/** Our refusal may stand in for an answer that never came. */
function expectAlike(mediated: ClientView, direct: ClientView): void {
  if (direct.status === null) expect([null, 502]).toContain(mediated.status);
  else if (direct.is === 'whole') expect(mediated).toEqual(direct);
  else expect(mediated.is).toBe('cut off');
}

describe('an exchange in HTTP/2', () => {
  it.each(ANSWERS)('the client of an answer with %s sees what a direct client sees', async (_name, act) => {
    const direct = await run(false, act, null);
    expect(direct.is).toBe('whole');
    expect(await run(true, act, null)).toEqual(direct);
  });

  it('an answer that comes before the end of an upload reaches the client whole', async () => {
    const act: Act = stream => {
      stream.respond({ ':status': 413 });
      stream.end('too much');
    };
    const direct = await run(false, act, 'begun');
    expect(direct).toMatchObject({ status: 413, body: 'too much', is: 'whole' });
    expect(await run(true, act, 'begun')).toEqual(direct);
  });

  it.each(POINTS.flatMap(([point, begin]) => ENDS.map(([end, act]) => [end, point, begin, act] as const)))(
    'an origin that ends by %s %s is never taken for one that answered whole',
    async (_end, _point, begin, act) => {
      const both: Act = stream => {
        begin(stream);
        soon(() => act(stream));
      };
      expectAlike(await run(true, both, null), await run(false, both, null));
    },
  );

  it.each<readonly [name: string, leave: (stream: ClientHttp2Stream, session: ClientHttp2Session) => void]>([
    ['resets its stream', stream => stream.close(NGHTTP2_CANCEL)],
    ['closes its connection', (_stream, session) => session.destroy()],
  ])('the origin of a client that %s in its upload learns of that', async (_name, leave) => {
    const views = [];
    for (const isMediated of [false, true]) {
      let origin: ServerHttp2Stream | undefined;
      let body = '';
      accepted = stream => {
        origin = stream;
        stream.on('data', chunk => (body += String(chunk)));
      };
      const session = await open(isMediated);
      const stream = session.request({ ':path': '/', ':method': 'POST' });
      stream.on('error', () => {});
      stream.write('begun');
      await until(() => body === 'begun');
      leave(stream, session);
      await until(() => origin?.closed, { describe: 'the origin learns of the end' });
      views.push({ body, isAborted: origin?.aborted });
      session.destroy();
    }
    expect(views).toEqual([
      { body: 'begun', isAborted: true },
      { body: 'begun', isAborted: true },
    ]);
  });
});
