import {
  makeGenericClientConstructor,
  Metadata,
  Server,
  ServerCredentials,
  status,
  type ServiceDefinition,
  type handleBidiStreamingCall,
  type handleClientStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
} from '@grpc/grpc-js';
import type { Identity } from '../../../src/mediator/certificates/authority.ts';

const method = (name: string, { streamsIn = false, streamsOut = false } = {}) => ({
  path: `/egresstop.Matrix/${name}`,
  requestStream: streamsIn,
  responseStream: streamsOut,
  requestSerialize: (text: string): Buffer => Buffer.from(text),
  requestDeserialize: (bytes: Buffer): string => bytes.toString(),
  responseSerialize: (text: string): Buffer => Buffer.from(text),
  responseDeserialize: (bytes: Buffer): string => bytes.toString(),
});

/** A service whose messages are plain text. */
const SERVICE: ServiceDefinition = {
  echo: method('Echo'),
  count: method('Count', { streamsOut: true }),
  join: method('Join', { streamsIn: true }),
  talk: method('Talk', { streamsIn: true, streamsOut: true }),
  refuse: method('Refuse'),
  dismiss: method('Dismiss', { streamsIn: true }),
  never: method('Never'),
};

/** The constructor of a client of the service. */
export const MatrixService = makeGenericClientConstructor(SERVICE, 'Matrix');

type Unary = handleUnaryCall<string, string>;
type StreamIn = handleClientStreamingCall<string, string>;
type StreamOut = handleServerStreamingCall<string, string>;
type Both = handleBidiStreamingCall<string, string>;

const echo: Unary = (call, done) => {
  const [head, trailers] = [new Metadata(), new Metadata()];
  head.set('matrix-head', String(call.metadata.get('matrix-asked')[0]));
  trailers.set('matrix-trailer', 'after');
  call.sendMetadata(head);
  done(null, call.request, trailers);
};

const count: StreamOut = call => {
  for (const each of ['1', '2', '3']) call.write(each);
  call.end();
};

const join: StreamIn = (call, done) => {
  let joined = '';
  call.on('data', (text: string) => (joined += text));
  call.once('end', () => done(null, joined));
};

const talk: Both = call => {
  call.on('data', (text: string) => call.write(`<${text}>`));
  call.once('end', () => call.end());
};

const refuse: Unary = (_call, done) => done({ code: status.PERMISSION_DENIED, details: 'not you' });

/** Ends a call with an error while its client still writes. */
const dismiss: StreamIn = (_call, done) => done({ code: status.RESOURCE_EXHAUSTED, details: 'enough' });

/** `cancelled` is told when a client gives up the call that is never answered. */
const neverAnswered =
  (cancelled: () => void): Unary =>
  call =>
    void call.once('cancelled', cancelled);

/** Starts a gRPC server on loopback; its port, and what ends it. */
export async function startGrpc(
  { key, certificate }: Identity,
  cancelled: () => void,
): Promise<{ readonly port: number; readonly stop: () => void }> {
  const server = new Server();
  server.addService(SERVICE, { echo, count, join, talk, refuse, dismiss, never: neverAnswered(cancelled) });
  const pair = { private_key: Buffer.from(key), cert_chain: Buffer.from(certificate) };
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createSsl(null, [pair]), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { port, stop: () => server.forceShutdown() };
}
