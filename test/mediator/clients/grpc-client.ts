import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { credentials, Metadata, status, type Client, type ServiceError } from '@grpc/grpc-js';
import { MatrixService } from './grpc-service.ts';

interface Reply {
  readonly error: ServiceError | null;
  readonly text: string | undefined;
}
type Done = (error: ServiceError | null, text?: string) => void;
interface Stream {
  readonly on: (event: string, told: (value: unknown) => void) => Stream;
  readonly write: (text: string) => void;
  readonly end: () => void;
}
/** The client's methods, which grpc-js makes from the service at run time. */
interface MatrixClient {
  readonly echo: (text: string, metadata: Metadata, done: Done) => Stream;
  readonly count: (text: string) => Stream;
  readonly join: (done: Done) => Stream;
  readonly talk: () => Stream;
  readonly refuse: (text: string, done: Done) => Stream;
  readonly dismiss: (done: Done) => Stream;
  readonly never: (text: string, options: { readonly deadline: Date }, done: Done) => Stream;
}

const replied = (ask: (done: Done) => void): Promise<Reply> =>
  new Promise(resolve => ask((error, text) => resolve({ error, text })));

const valueIn = (metadata: unknown, name: string): string => String((metadata as Metadata).get(name)[0]);

async function unary(client: MatrixClient): Promise<void> {
  const asked = new Metadata();
  asked.set('matrix-asked', 'before');
  let call: Stream | undefined;
  const reply = replied(done => (call = client.echo('hello', asked, done)));
  const [[head], [ended]] = await Promise.all([
    once(call as never, 'metadata'),
    once(call as never, 'status'),
  ]);
  assert.equal((await reply).text, 'hello');
  assert.equal(valueIn(head, 'matrix-head'), 'before');
  assert.equal(valueIn((ended as { readonly metadata: Metadata }).metadata, 'matrix-trailer'), 'after');
}

async function streams(client: MatrixClient): Promise<void> {
  const counted: unknown[] = [];
  const count = client.count('three').on('data', each => counted.push(each));
  await once(count as never, 'end');
  assert.deepEqual(counted, ['1', '2', '3']);
  const { text } = await replied(done => {
    const call = client.join(done);
    for (const each of ['a', 'b', 'c']) call.write(each);
    call.end();
  });
  assert.equal(text, 'abc');
  const talk = client.talk();
  for (const word of ['one', 'two']) {
    talk.write(word);
    const [heard] = await once(talk as never, 'data');
    assert.equal(heard, `<${word}>`);
  }
  talk.end();
}

/** Asks a gRPC server for all that a proxy could break. Throws where an answer differs from what the server gave. */
export async function askGrpc(address: string): Promise<void> {
  const made: Client = new MatrixService(address, credentials.createSsl());
  const client = made as unknown as MatrixClient; // grpc-js makes the methods at run time
  await unary(client);
  await streams(client);
  const refused = await replied(done => client.refuse('please', done));
  assert.deepEqual([refused.error?.code, refused.error?.details], [status.PERMISSION_DENIED, 'not you']);
  const dismissed = await replied(done => client.dismiss(done).write('begun')); // never ended
  assert.deepEqual([dismissed.error?.code, dismissed.error?.details], [status.RESOURCE_EXHAUSTED, 'enough']);
  const late = await replied(done => client.never('now', { deadline: new Date(Date.now() + 300) }, done));
  assert.equal(late.error?.code, status.DEADLINE_EXCEEDED);
  made.close();
}
