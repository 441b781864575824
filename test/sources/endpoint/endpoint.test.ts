import { describe, expect, it, onTestFinished } from 'vitest';
import { readEndpoint } from '../../../src/sources/endpoint/read-endpoint.ts';
import { followSources } from '../../../src/sources/follow.ts';
import { asLines, readStream } from '../../../src/sources/read-stream.ts';
import { SourceError } from '../../../src/sources/trouble.ts';
import { until } from '../../until.ts';
import { Collected } from '../collected.ts';
import { endpointServer, json, type EndpointServer } from './endpoint-server.ts';

const row = (id: number): object => ({
  id,
  created_at: 1_795_000_000 + id,
  surface: 'egress',
  verdict: 'deny',
});
const rows = (...ids: readonly number[]): readonly object[] => ids.map(row);

interface Read {
  readonly ids: readonly unknown[];
  readonly why: string | null;
}

async function read(url: string, token: string | null = null): Promise<Read> {
  const ids: unknown[] = [];
  try {
    const batches = readEndpoint(
      'e',
      { url, token: () => token },
      { signal: new AbortController().signal, now: () => Date.parse('2026-11-19T08:00:00Z') },
    );
    for await (const { lines } of readStream('e', asLines(batches)))
      for (const line of lines) ids.push(typeof line === 'string' ? idOf(line) : line.bytes);
    return { ids, why: null };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { ids, why: `${error.problem.why}; ${error.problem.remedy}` };
  }
}

const idOf = (line: string): unknown => (JSON.parse(line) as { id?: unknown }).id;

describe('an endpoint is read once', () => {
  it.each([
    ['a list', rows(1, 2)],
    ['newest first', rows(2, 1)],
    ['under items', { items: rows(1, 2), total: 2 }],
    ['under items within data', { success: true, data: { total: 2, items: rows(2, 1) } }],
    ['the same record twice', rows(1, 2, 2)],
  ])('%s, oldest first', async (_, body) => {
    expect(await read((await endpointServer(json(body))).url)).toEqual({ ids: [1, 2], why: null });
  });

  it('an endpoint of JSON lines is read once', async () => {
    const server = await endpointServer(
      (_, response) =>
        void response.end(
          rows(1, 2)
            .map(each => JSON.stringify(each))
            .join('\n'),
        ),
    );
    expect(await read(server.url)).toEqual({ ids: [1, 2], why: null });
  });

  it.each([
    ['a null list', { items: null }],
    ['an empty list', { data: [] }],
    ['nothing', []],
  ])('%s has no events', async (_, body) => {
    expect(await read((await endpointServer(json(body))).url)).toEqual({ ids: [], why: null });
  });

  it.each([
    [
      'next_cursor',
      (at: number) => ({ items: rows(at), next_cursor: at < 3 ? `c ${at + 1}` : null }),
      /cursor=c\+2$/,
    ],
    [
      'a link',
      (at: number) => ({ data: rows(at), links: { next: at < 3 ? `/firewall/events?at=${at + 1}` : '' } }),
      /at=2$/,
    ],
  ])('page after page by %s', async (_, page, second) => {
    const server = await endpointServer((request, response) =>
      json(page(Number(/\d+$/.exec(request.url ?? '')?.[0] ?? 1)))(request, response),
    );
    expect(await read(server.url, 'secret')).toEqual({ ids: [1, 2, 3], why: null });
    expect(server.asked.map(({ token }) => token)).toEqual(Array(3).fill('Bearer secret'));
    expect(server.asked[1]?.path).toMatch(second);
  });

  it('a next page that never ends is left, and that is said', async () => {
    let at = 0;
    const server = await endpointServer((request, response) =>
      json({ items: rows((at += 1)), next_cursor: `${at}` })(request, response),
    );
    const { ids, why } = await read(server.url);
    expect([ids.length, why]).toEqual([100, expect.stringContaining('more events than are read in one go')]);
  });

  it('a next page on another origin is not asked for', async () => {
    const other = await endpointServer(json([]));
    const server = await endpointServer(json({ items: rows(1), next: other.url }));
    expect(await read(server.url, 'secret')).toEqual({ ids: [1], why: null });
    expect(other.asked).toEqual([]);
  });
});

describe('what is no answer is told with its remedy', () => {
  const status =
    (code: number, headers: Record<string, string> = {}): EndpointServer['answer'] =>
    (_, response) =>
      void response.writeHead(code, headers).end('<html>');

  it.each([
    [
      '401 without a token',
      status(401),
      null,
      'wants a token (401); set EGRESSTOP_TOKEN or ORCAROUTER_TOKEN',
    ],
    ['401 with one', status(401), 'secret', 'does not take the token (401)'],
    ['403', status(403), 'secret', 'Developer'],
    ['404', status(404), null, 'check the URL'],
    ['429', status(429), null, 'asks for fewer requests'],
    ['500', status(500), null, 'answers 500'],
    [
      'a page for people',
      (_: unknown, response: Parameters<EndpointServer['answer']>[1]) =>
        void response.end('<!doctype html>\n<p>log in'),
      null,
      'something that is no JSON',
    ],
    [
      'an object',
      json({ success: false, message: 'no' }),
      null,
      'no events but an object with success, message',
    ],
    [
      'a document that is cut off',
      (_: unknown, response: Parameters<EndpointServer['answer']>[1]) => void response.end('[{"id":1},'),
      null,
      'ends in the middle',
    ],
    ['a redirect to itself', status(302, { location: '/firewall/events' }), null, 'redirects in circles'],
    [
      'a redirect elsewhere',
      status(302, { location: 'http://127.0.0.1:1/' }),
      'secret',
      'redirects to another origin',
    ],
    [
      'more than it may be',
      (_: unknown, response: Parameters<EndpointServer['answer']>[1]) =>
        void response.end(`["${'x'.repeat(17 << 20)}"]`),
      null,
      'more than 16 MiB',
    ],
    [
      'a connection that breaks off',
      (_: unknown, response: Parameters<EndpointServer['answer']>[1]) =>
        void response.writeHead(200, { 'content-length': '99' }).write('[', () => response.destroy()),
      null,
      'the connection failed',
    ],
  ])('%s', async (_, answer, token, why) => {
    const found = await read((await endpointServer(answer)).url, token);
    expect(found).toEqual({ ids: [], why: expect.stringContaining(why) });
    expect(found.why).not.toContain('secret');
  });

  it.each([
    ['http://example.com/events', null, 'is not https'],
    ['https://user:pass@127.0.0.1:1/', null, 'holds a user name or password'],
    ['http://127.0.0.1:1/', 'two words', 'no token has'],
    ['http://127.0.0.1:2/', null, 'nothing listens there'],
    ['https://', null, 'is no URL'],
  ])('%s', async (url, token, why) => {
    const found = await read(url, token);
    expect(found.why).toContain(why);
    expect(found.why).not.toContain('two words');
  });

  it('a redirect within the origin is followed', async () => {
    const server = await endpointServer((request, response) =>
      request.url === '/v2'
        ? json(rows(1))(request, response)
        : void response.writeHead(307, { location: '/v2' }).end(),
    );
    expect(await read(server.url, 'secret')).toEqual({ ids: [1], why: null });
  });
});

describe('an endpoint is followed', () => {
  async function follow(server: EndpointServer): Promise<Collected> {
    const heard = new Collected();
    const spec = { type: 'url' as const, url: server.url, token: () => 'secret' };
    const following = followSources([spec], heard, { endpoint: { pollMs: 20, lastRetryMs: 80 } });
    onTestFinished(() => following.stop());
    await following.caughtUp;
    return heard;
  }
  const idsOf = (heard: Collected): readonly unknown[] =>
    heard.texts.map(text => (typeof text === 'string' ? idOf(text) : text.bytes));

  it('each event is heard once, however often it is shown', async () => {
    const server = await endpointServer(json(rows(2, 1)));
    const heard = await follow(server);
    expect(heard.state(server.url)).toBe('live');
    server.answer = json(rows(4, 3, 2, 1));
    await until(() => idsOf(heard).length === 4);
    const before = server.asked.length;
    await until(() => server.asked.length > before + 2);
    expect(idsOf(heard)).toEqual([1, 2, 3, 4]);
  });

  it('equal records without an id are as many as are shown', async () => {
    const record = { surface: 'egress', verdict: 'allow' };
    const server = await endpointServer(json([record, record]));
    const heard = await follow(server);
    server.answer = json([record, record, record]);
    await until(() => heard.texts.length === 3);
    const before = server.asked.length;
    await until(() => server.asked.length > before + 2);
    expect(heard.texts).toHaveLength(3);
  });

  it('what comes behind pages that are known is found after a failure', async () => {
    const server = await endpointServer(json({ items: rows(1), next_cursor: 'b' }));
    server.answer = (request, response) =>
      (request.url?.includes('cursor') ? json('x', 500) : json({ items: rows(2), next_cursor: 'b' }))(
        request,
        response,
      );
    const heard = await follow(server);
    expect(heard.state(server.url)).toBe('failed');
    server.answer = (request, response) =>
      json(request.url?.includes('cursor') ? rows(1) : { items: rows(2), next_cursor: 'b' })(
        request,
        response,
      );
    await until(() => idsOf(heard).length === 2);
    await until(() => heard.state(server.url) === 'live');
  });

  it('a server that goes is told as gone, and asked until it is back', async () => {
    const server = await endpointServer(json(rows(1)));
    const heard = await follow(server);
    server.answer = (_, response) => void response.destroy();
    await until(() => heard.state(server.url) === 'gone');
    server.answer = json(rows(1, 2));
    await until(() => heard.state(server.url) === 'live');
    expect(idsOf(heard)).toEqual([1, 2]);
  });

  it('a server that asks to wait is not asked before', async () => {
    const server = await endpointServer(
      (_, response) => void response.writeHead(429, { 'retry-after': '600' }).end(),
    );
    const heard = await follow(server);
    expect(heard.statuses.at(-1)).toMatchObject({
      state: 'failed',
      why: expect.stringContaining('asked again in 600 s'),
    });
    expect(server.asked).toHaveLength(1);
  });

  it('a server that never answers does not hold up the stop', async () => {
    const server = await endpointServer(() => undefined);
    const following = followSources([{ type: 'url', url: server.url, token: () => null }], new Collected());
    await until(() => server.asked.length === 1);
    await following.stop();
    await following.caughtUp;
  });
});
