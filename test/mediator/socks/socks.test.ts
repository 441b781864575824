import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Mediator } from '../../../src/mediator/start-mediator.ts';
import { until } from '../../until.ts';
import { dialMediator, secured, World } from '../world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

const text = (value: string): readonly number[] => [value.length, ...Buffer.from(value)];
const port = (number: number): readonly number[] => [number >> 8, number & 255];
const named = (host: string, at: number, command = 1): readonly number[] => [
  5,
  command,
  0,
  3,
  ...text(host),
  ...port(at),
];
const address = (parts: readonly number[], at: number): readonly number[] => [
  5,
  1,
  0,
  1,
  ...parts,
  ...port(at),
];

/** Reads exactly so many bytes, or what comes before the end. */
async function take(socket: Socket, length: number): Promise<readonly number[]> {
  const got: number[] = [];
  while (got.length < length) {
    const chunk = socket.read(Math.min(length - got.length, socket.readableLength || 1)) as Buffer | null;
    if (chunk) got.push(...chunk);
    else if (socket.readableEnded || socket.destroyed) break;
    else await Promise.race([once(socket, 'readable'), once(socket, 'close')]);
  }
  return got;
}

/** Greets, names itself where a name is given, and asks. Gives the reply and the socket behind it. */
async function ask(
  mediator: Mediator,
  request: readonly number[],
  name: readonly [user: string, password: string] | null = null,
): Promise<{ reply: readonly number[]; socket: Socket }> {
  const socket = await dialMediator(mediator);
  socket.write(Buffer.from(name ? [5, 2, 0, 2] : [5, 1, 0]));
  expect(await take(socket, 2)).toEqual([5, name ? 2 : 0]);
  if (name) {
    socket.write(Buffer.from([1, ...text(name[0]), ...text(name[1])]));
    expect(await take(socket, 2)).toEqual([1, 0]);
  }
  socket.write(Buffer.from(request));
  return { reply: await take(socket, 10), socket };
}

const succeeded = [5, 0, 0, 1, 0, 0, 0, 0, 0, 0];
const refused = (code: number): readonly number[] => [5, code, 0, 1, 0, 0, 0, 0, 0, 0];

describe('SOCKS5', () => {
  it('a SOCKS5 client passes through by name, with agent, tool, bytes and protocol in the records', async () => {
    const echo = await world.tcp(socket => socket.pipe(socket));
    const mediator = await world.mediator({
      mode: 'strict',
      policy: 'passthrough:\n  - raw.example\n',
      pins: [`raw.example:127.0.0.1:${echo}`],
    });
    const { reply, socket } = await ask(mediator, named('raw.example', 2222), ['builder', 'git']);
    expect(reply).toEqual(succeeded);
    socket.end('hello');
    expect(String(Buffer.from(await take(socket, 5)))).toBe('hello');
    const who = { host: 'raw.example', agent: 'builder', tool: 'git', protocol: 'socks5' };
    expect(await world.record('egress_allow')).toMatchObject({ ...who, interception: 'passthrough' });
    expect(await world.record('egress_close')).toMatchObject({ ...who, bytes_out: 5, bytes_in: 5 });
  });

  it.each([
    ['builder:git', '', 'builder', 'git'],
    ['builder%3aone', 'git', 'builder:one', 'git'],
    ['-', '-', undefined, undefined],
  ])('a SOCKS5 client is called by its user name %j and password %j', async (user, password, agent, tool) => {
    const mediator = await world.mediator({ mode: 'strict' });
    await ask(mediator, named('x.example', 443), [user, password]);
    const { agent: gotAgent, tool: gotTool } = await world.record('egress_deny');
    expect([gotAgent, gotTool]).toEqual([agent, tool]);
  });

  it('a SOCKS5 client is intercepted where its host is allowed, and its server name is checked', async () => {
    const origin = await world.https('api.example', (_, response) => response.end('answered'));
    const mediator = await world.mediator({
      mode: 'strict',
      policy: 'allow:\n  - api.example\n',
      pins: [`api.example:127.0.0.1:${origin}`],
    });
    const ca = readFileSync(mediator.certificatePath, 'utf8');
    const good = await secured((await ask(mediator, named('api.example', 443))).socket, 'api.example', ca);
    good.write('GET /x HTTP/1.1\r\nHost: api.example\r\nConnection: close\r\n\r\n');
    const [answer] = (await once(good, 'data')) as [Buffer];
    expect(String(answer)).toMatch(/^HTTP\/1.1 200/);
    expect(await world.record('egress_request')).toMatchObject({
      url: 'https://api.example/x',
      protocol: 'socks5',
    });
    const { socket } = await ask(mediator, named('api.example', 443));
    await expect(secured(socket, 'evil.example', ca)).rejects.toThrow();
    expect(await world.record('egress_deny')).toMatchObject({
      protocol: 'socks5',
      signal: 'name-destination-mismatch',
    });
  });

  it.each([
    ['an unlisted name', named('evil.example', 443), 2],
    ['loopback by address', address([127, 0, 0, 1], 443), 2],
    ['loopback by IPv6', [5, 1, 0, 4, ...Array<number>(15).fill(0), 1, 1, 187], 2],
    ['loopback in a name', named('0x7f.1', 443), 2],
    ['the metadata of a cloud', address([169, 254, 169, 254], 80), 2],
    ['BIND', named('api.example', 443, 2), 7],
    ['UDP ASSOCIATE', named('api.example', 443, 3), 7],
    ['an unknown command', named('api.example', 443, 9), 7],
    ['an unknown type of address', [5, 1, 0, 2, 1, 2, 3, 4, 0, 80], 8],
    ['a name that is none', named('a b', 443), 1],
    ['port 0', named('api.example', 0), 1],
  ])('%s is refused with the code for it, and recorded', async (_, request, code) => {
    const mediator = await world.mediator({ mode: 'strict', policy: 'allow:\n  - api.example\n' });
    const { reply, socket } = await ask(mediator, request);
    expect(reply).toEqual(refused(code));
    expect(await take(socket, 1)).toEqual([]);
    expect(world.records().filter(({ event }) => String(event).endsWith('_deny'))).toMatchObject([
      { protocol: 'socks5' },
    ]);
  });

  it('a SOCKS5 client is told which way its origin failed', async () => {
    const mediator = await world.mediator({
      policy: 'passthrough:\n  - gone.example\n  - nowhere.example\n',
      pins: [`gone.example:127.0.0.1:1`],
      lookup: () => Promise.reject(new Error('no such name')),
    });
    expect((await ask(mediator, named('gone.example', 443))).reply).toEqual(refused(5));
    expect((await ask(mediator, named('nowhere.example', 443))).reply).toEqual(refused(4));
    expect(await world.record('egress_dial_error')).toMatchObject({ protocol: 'socks5' });
  });

  it('a SOCKS5 client may send all at once, or byte by byte', async () => {
    const echo = await world.tcp(socket => socket.pipe(socket));
    const mediator = await world.mediator({
      policy: 'passthrough:\n  - raw.example\n',
      pins: [`raw.example:127.0.0.1:${echo}`],
    });
    const all = [5, 1, 0, ...named('raw.example', 2222), ...Buffer.from('early')];
    const atOnce = await dialMediator(mediator);
    atOnce.write(Buffer.from(all));
    expect(await take(atOnce, 2)).toEqual([5, 0]);
    expect(await take(atOnce, 10)).toEqual(succeeded);
    expect(String(Buffer.from(await take(atOnce, 5)))).toBe('early');
    const slowly = await dialMediator(mediator);
    slowly.setNoDelay(true);
    for (const byte of all) {
      slowly.write(Buffer.from([byte]));
      await new Promise(resolve => setImmediate(resolve));
    }
    expect(await take(slowly, 17)).toEqual([5, 0, ...succeeded, ...Buffer.from('early')]);
  });

  it.each([
    ['no method that is spoken here', [5, 1, 1], [5, 0xff]],
    ['no method at all', [5, 0], []],
    ['garbage after its greeting', [5, 1, 0, 0x47, 0x45, 0x54], [5, 0]],
    ['garbage for credentials', [5, 1, 2, 9, 9, 9], [5, 2]],
  ])('a SOCKS5 client with %s is closed, and recorded', async (_, sent, got) => {
    const mediator = await world.mediator();
    const socket = await dialMediator(mediator);
    socket.write(Buffer.from(sent));
    expect(await take(socket, 20)).toEqual(got);
    expect(await world.record('egress_deny')).toMatchObject({
      reason: expect.stringMatching(/^malformed request: /),
    });
  });

  it('a SOCKS5 client that stops in the middle, or leaves, is closed in bounded time', async () => {
    const mediator = await world.mediator({ limits: { headTimeoutMs: 300 } });
    const stalled = await dialMediator(mediator);
    stalled.write(Buffer.from([5, 1, 0, 5, 1]));
    expect(await take(stalled, 3)).toEqual([5, 0]);
    await world.record('egress_deny', { reason: 'malformed request: too slow' });
    const left = await dialMediator(mediator);
    left.end(Buffer.from([5]));
    await world.record('egress_deny', { reason: 'malformed request: the client left in its handshake' });
    const silent = await dialMediator(mediator);
    expect(await take(silent, 1)).toEqual([]);
    await until(() => expect(world.records().filter(({ event }) => event === 'egress_deny')).toHaveLength(2));
  });

  it('curl is a SOCKS5 client: by name through the mediator, over HTTP/2, denied with curl’s own words', async () => {
    const origin = await world.http2('api.example', server => {
      server.on('request', (request, response) => {
        request.resume().on('end', () => response.end(`over ${request.httpVersion}`));
      });
    });
    const mediator = await world.mediator({
      mode: 'strict',
      policy: 'allow:\n  - api.example\n',
      pins: [`api.example:127.0.0.1:${origin}`],
    });
    const curl = (...flags: readonly string[]) =>
      promisify(execFile)('curl', ['-sS', '--cacert', mediator.certificatePath, ...flags]);
    const proxy = ['--socks5-hostname', mediator.address, '--proxy-user', 'builder:curl'];
    expect(await curl(...proxy, 'https://api.example/')).toMatchObject({ stdout: 'over 2.0' });
    const url = `socks5h://builder:curl@${mediator.address}`;
    const upload = join(world.folder, 'upload');
    writeFileSync(upload, Buffer.alloc(3_000_000));
    expect(await curl('-x', url, '-T', upload, 'https://api.example/up')).toMatchObject({
      stdout: 'over 2.0',
    });
    expect(await world.record('egress_request', { bytes_out: 3_000_000 })).toMatchObject({
      agent: 'builder',
      tool: 'curl',
      protocol: 'socks5',
    });
    await expect(curl(...proxy, 'https://evil.example/')).rejects.toMatchObject({
      code: 97,
      stderr: "curl: (97) Can't complete SOCKS5 connection to evil.example. (2)\n",
    });
  });
});
