import {
  connect as connectSession,
  constants,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
} from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { groupFields, type Fields } from '../request/fields.ts';
import type { OriginClient, OriginResponse, OutgoingRequest } from './origin-client.ts';

const NO_ERROR = constants.NGHTTP2_NO_ERROR;

/** Opens one more verified connection that speaks HTTP/2. */
export type ConnectHttp2 = () => Promise<TLSSocket>;

/** An origin spoken to in HTTP/2, over one connection at a time; where the origin closed it, the next request opens another. */
export function http2Origin(
  first: TLSSocket,
  connect: ConnectHttp2,
  dstOf: (socket: TLSSocket) => string,
): OriginClient {
  const startSession = (secured: TLSSocket): OriginSession => open(secured, dstOf(secured));
  let current = Promise.resolve(startSession(first));
  const usable = async (): Promise<OriginSession> => {
    const held = await current;
    if (!held.session.closed && !held.session.destroyed) return held;
    const renewed = connect().then(startSession);
    renewed.catch(() => {}); // told to the request that asked
    current = renewed.catch(() => held);
    return renewed;
  };
  return {
    send: async request => send(await usable(), request),
    upgrade: () => Promise.reject(new Error('HTTP/2 has no upgrade')),
    close: () => void current.then(({ session }) => session.destroy()),
  };
}

interface OriginSession {
  readonly session: ClientHttp2Session;
  readonly dst: string;
}

function open(secured: TLSSocket, dst: string): OriginSession {
  const session = connectSession('https://origin.invalid', { createConnection: () => secured });
  session.on('error', () => session.destroy()); // each stream tells its own request
  return { session, dst };
}

function send({ session, dst }: OriginSession, request: OutgoingRequest): Promise<OriginResponse> {
  request.signal.throwIfAborted(); // its client left while the connection was opened
  request.connected(dst);
  const stream = session.request(
    {
      ...groupFields(request.fields),
      ...(request.wantsTrailers ? { te: 'trailers' } : {}),
      ...(request.expectsContinue ? { expect: '100-continue' } : {}),
      ':method': request.method,
      ':scheme': request.scheme,
      ':authority': request.authority,
      ':path': request.path,
    },
    { endStream: request.body === null, signal: request.signal, waitForTrailers: request.body !== null },
  );
  stream.once('wantTrailers', () => stream.sendTrailers(groupFields(request.trailers?.() ?? [])));
  if (request.expectsContinue) stream.once('continue', () => request.informed?.(100, []));
  request.body?.pipe(stream);
  stream.on('headers', headers => {
    const status = headers[':status'] ?? 0;
    if (status > 101 && status < 200) request.informed?.(status, fieldsOfHeaders(headers));
  });
  return answered(stream);
}

function answered(stream: ClientHttp2Stream): Promise<OriginResponse> {
  let trailers: Fields = [];
  stream.once('trailers', headers => {
    trailers = fieldsOfHeaders(headers);
  });
  return new Promise((resolve, reject) => {
    stream.once('response', (headers, flags) =>
      resolve({
        status: headers[':status'] ?? 502,
        statusText: '',
        fields: fieldsOfHeaders(headers),
        body: stream,
        isHeadOnly: (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0,
        isWhole: () => (stream.rstCode ?? NO_ERROR) === NO_ERROR,
        trailers: () => trailers,
      }),
    );
    stream.on('error', reject);
    stream.once('close', () => reject(new Error('the origin closed the stream without an answer')));
  });
}

const fieldsOfHeaders = (headers: IncomingHttpHeaders): Fields =>
  Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith(':') || value === undefined ? [] : [value].flat().map(each => [name, each] as const),
  );
