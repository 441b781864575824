import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectHttp2, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../until.ts';
import { exchangeRaw, secured, tunnel, World } from '../world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

const policy = 'allow:\n  - api.test\n';

/** A client's HTTP/2 session in an intercepted tunnel, and how many requests reached the origin. */
async function http2() {
  const reached: unknown[] = [];
  const port = await world.http2('api.test', server =>
    server.on('request', (request, response) => {
      reached.push(request.url);
      response.end();
    }),
  );
  const mediator = await world.mediator({ policy, pins: [`api.test:127.0.0.1:${port}`] });
  const { socket } = await tunnel(mediator, 'api.test:443');
  const tls = await secured(socket, 'api.test', readFileSync(mediator.certificatePath, 'utf8'), ['h2']);
  const client = connectHttp2('https://api.test', {
    createConnection: () => tls,
    maxSendHeaderBlockLength: 64 * 1024 * 1024,
  });
  client.on('error', () => client.destroy());
  world.atEnd(() => client.destroy());
  return { client, reached };
}

async function statusOf(client: ClientHttp2Session, headers: IncomingHttpHeaders): Promise<unknown> {
  const stream = client.request(headers);
  const [answer] = (await once(stream, 'response')) as [IncomingHttpHeaders];
  stream.destroy();
  return answer[':status'];
}

const fields = (count: number, length: number): IncomingHttpHeaders =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, 'y'.repeat(length)]));

describe('is answered and recorded', () => {
  it('an expectation that nobody meets is refused and recorded', async () => {
    const mediator = await world.mediator({ policy });
    const request = 'GET http://api.test/ HTTP/1.1\r\nHost: api.test\r\nExpect: nonsense\r\n\r\n';
    expect(await exchangeRaw(mediator, request)).toMatch(/^HTTP\/1\.1 417 /);
    await world.record('egress_deny', {
      host: 'api.test',
      reason: 'malformed request: an unknown expectation',
    });
  });

  it('an expectation that nobody meets, in HTTP/2', async () => {
    const { client, reached } = await http2();
    expect(await statusOf(client, { ':path': '/', expect: 'nonsense' })).toBe(417);
    await world.record('egress_deny', { host: 'api.test' });
    expect(reached).toEqual([]);
  });

  it('a CONNECT in HTTP/2 is refused and recorded', async () => {
    const { client } = await http2();
    expect(await statusOf(client, { ':method': 'CONNECT', ':authority': 'inner.test:443' })).toBe(405);
    await world.record('egress_deny', {
      host: 'inner.test',
      reason: 'malformed request: CONNECT in a tunnel',
    });
  });

  it('heads so long that Node resets them by itself, one before a sound request and one before the end', async () => {
    const { client } = await http2();
    const endless = async (): Promise<void> => {
      const stream = client.request({ ':path': '/', x: Array<string>(5000).fill('y'.repeat(3000)) });
      stream.on('error', () => {}); // ENHANCE_YOUR_CALM
      await new Promise(resolve => stream.once('close', resolve));
    };
    const reason = 'malformed request: a head beyond all bounds, 1 of them refused unread';
    await once(client, 'remoteSettings');
    await endless();
    expect(await statusOf(client, { ':path': '/' })).toBe(200);
    await world.record('egress_deny', { host: 'api.test', reason });
    await endless();
    client.destroy();
    await until(() => world.records().filter(record => record['reason'] === reason).length === 2);
  });

  it.each([
    ['1500 fields', fields(1500, 1)],
    ['70 fields of 1 KB', fields(70, 1000)],
    ['a field of 30 KB', fields(1, 30_000)],
    ['100 fields of 1 KB', fields(100, 1000)],
  ])('a flood in HTTP/2 of %s', async (_, flood) => {
    const { client, reached } = await http2();
    expect(await statusOf(client, { ':path': '/', ...flood })).toBe(400);
    await world.record('egress_deny', { host: 'api.test' });
    expect(reached).toEqual([]);
  });
});
