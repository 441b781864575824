import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../until.ts';
import { dialMediator, exchangeRaw, readAll, secured, tunnel, World } from '../world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

describe('a tunnel to a passthrough host', () => {
  const policy = 'passthrough:\n  - pinned.example\n';

  it('shows the client the origin’s own certificate', async () => {
    const port = await world.https('pinned.example', (_, response) => response.end('hello'));
    const mediator = await world.mediator({ policy, pins: [`pinned.example:127.0.0.1:${port}`] });
    const { head, socket } = await tunnel(mediator, 'pinned.example:443');
    expect(head).toMatch(/^HTTP\/1\.1 200 /);
    const tls = await secured(socket, 'pinned.example', (await world.originRoot()).certificate);
    tls.write('GET / HTTP/1.1\r\nHost: pinned.example\r\nConnection: close\r\n\r\n');
    expect(await readAll(tls)).toContain('hello');
    expect(await world.record('egress_allow')).toMatchObject({
      host: 'pinned.example',
      mitm: false,
      interception: 'passthrough',
      entry: 'pinned.example',
      dst: `127.0.0.1:${port}`,
    });
    expect((await world.record('egress_close'))['bytes']).toBeGreaterThan(500);
  });

  it.each([
    ['another name', 'evil.example'],
    ['no name', ''],
  ])(
    'a passed-through tunnel is denied when its handshake gives %s, and nothing reaches the origin',
    async (_, servername) => {
      let received = 0;
      const port = await world.tcp(socket => socket.on('data', chunk => (received += chunk.length)));
      const mediator = await world.mediator({ policy, pins: [`pinned.example:127.0.0.1:${port}`] });
      const { socket } = await tunnel(mediator, 'pinned.example:443');
      await expect(secured(socket, servername, (await world.originRoot()).certificate)).rejects.toThrow();
      expect(await world.record('egress_deny')).toMatchObject({
        host: 'pinned.example',
        signal: 'name-destination-mismatch',
        reason: expect.stringContaining('name-destination-mismatch'),
      });
      expect(received).toBe(0);
    },
  );

  it('keeps half-close: the origin answers after the client’s last byte', async () => {
    const port = await world.tcp(socket => {
      let text = '';
      socket.on('data', chunk => (text += chunk.toString()));
      socket.on('end', () => socket.end(`got ${text}`));
    });
    const mediator = await world.mediator({ policy, pins: [`pinned.example:127.0.0.1:${port}`] });
    const { socket } = await tunnel(mediator, 'pinned.example:9000');
    socket.end('everything');
    expect(await readAll(socket)).toBe('got everything');
    await world.record('egress_close', { bytes_out: 10, bytes_in: 14 });
  });

  it('a tunnel to a passthrough host lets the server speak first', async () => {
    const port = await world.tcp(socket => socket.end('220 mail.example\r\n'));
    const mediator = await world.mediator({ policy, pins: [`pinned.example:127.0.0.1:${port}`] });
    const { socket } = await tunnel(mediator, 'pinned.example:25');
    expect(await readAll(socket)).toBe('220 mail.example\r\n');
  });

  it('loses nothing that the client had begun to say before the server spoke', async () => {
    const origin = Promise.withResolvers<Socket>();
    const port = await world.tcp(socket => origin.resolve(socket));
    const mediator = await world.mediator({ policy, pins: [`pinned.example:127.0.0.1:${port}`] });
    const { socket } = await tunnel(mediator, 'pinned.example:9000');
    socket.write('HE'); // may become the head of a request
    await exchangeRaw(mediator, 'CONNECT denied.example:443 HTTP/1.1\r\n\r\n'); // by then it was read
    (await origin.promise).write('220\r\n');
    await once(socket, 'readable');
    socket.end('LO\r\n');
    expect(await readAll(await origin.promise)).toBe('HELO\r\n');
    socket.destroy();
  });

  it('passes a reset on as a reset, in both directions', async () => {
    let ended = '';
    const port = await world.tcp(socket => {
      socket.on('data', chunk => {
        if (chunk.toString() === 'reset me') socket.resetAndDestroy();
      });
      socket.on('end', () => (ended = 'orderly'));
      socket.on('error', () => (ended = 'reset'));
    });
    const mediator = await world.mediator({ policy, pins: [`pinned.example:127.0.0.1:${port}`] });
    const first = await tunnel(mediator, 'pinned.example:9000');
    first.socket.write('hello');
    await world.record('egress_allow');
    first.socket.resetAndDestroy();
    await until(() => ended === 'reset');
    const second = await tunnel(mediator, 'pinned.example:9000');
    second.socket.write('reset me');
    const [error] = (await once(second.socket, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNRESET');
    await until(() => world.events().filter(event => event === 'egress_close').length === 2);
  });

  it('moves a large stream with back-pressure: a client that does not read holds the origin up', async () => {
    const total = 64 * 1024 * 1024;
    let sent = 0;
    const port = await world.tcp(socket => {
      socket.once('data', () => {
        const pump = (): void => {
          while (sent < total) {
            sent += 65_536;
            if (!socket.write(Buffer.alloc(65_536))) {
              socket.once('drain', pump);
              return;
            }
          }
          socket.end();
        };
        pump();
      });
    });
    const mediator = await world.mediator({ policy, pins: [`pinned.example:127.0.0.1:${port}`] });
    const { socket } = await tunnel(mediator, 'pinned.example:9000');
    socket.pause();
    socket.write('go');
    let before = -1;
    await until(() => {
      const isStill = sent > 0 && sent === before;
      before = sent;
      return isStill;
    });
    expect(sent).toBeLessThan(total / 2);
    let received = 0;
    socket.on('data', chunk => (received += chunk.length));
    socket.resume();
    await once(socket, 'end');
    expect(received).toBe(total);
  });

  it('ends when its agent is over the cap, and the agent gets no further', async () => {
    const port = await world.tcp(socket => socket.on('data', chunk => socket.write(chunk)));
    const pins = [`pinned.example:127.0.0.1:${port}`];
    const mediator = await world.mediator({ policy, pins, limits: { bytesPerAgent: 1000 } });
    const credentials = `Proxy-Authorization: Basic ${Buffer.from('glutton:fetch').toString('base64')}\r\n`;
    const { socket } = await tunnel(mediator, 'pinned.example:9000', credentials);
    socket.write('x'.repeat(2000));
    await readAll(socket);
    expect(await world.record('egress_cap_exceeded')).toMatchObject({
      reason: 'volume',
      limit: 1000,
      agent: 'glutton',
      tool: 'fetch',
    });
    expect((await tunnel(mediator, 'pinned.example:9000', credentials)).head).toMatch(
      /^HTTP\/1\.1 403 .*\r\n/,
    );
    expect((await tunnel(mediator, 'pinned.example:9000')).head).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('a passed-through tunnel is closed when nothing moves for the idle time', async () => {
    const port = await world.tcp(socket => socket.resume());
    const pins = [`pinned.example:127.0.0.1:${port}`];
    const mediator = await world.mediator({ policy, pins, limits: { idleTimeoutMs: 50 } });
    const { socket } = await tunnel(mediator, 'pinned.example:9000');
    socket.write('hello');
    await readAll(socket);
    await world.record('egress_close');
  });
});

describe('a tunnel that is denied', () => {
  it('a denied tunnel is answered 403 with host, reason, nearest entry, and the header', async () => {
    const mediator = await world.mediator({ policy: 'allow:\n  - api.example\n', mode: 'strict' });
    const answer = await exchangeRaw(
      mediator,
      'CONNECT x.api.example:443 HTTP/1.1\r\nHost: x.api.example\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
    expect(answer).toContain('x-egresstop-reason: not allowlisted\r\n');
    expect(answer).toContain(
      'host: x.api.example\nreason: not allowlisted\nnearest entry: api.example is exact',
    );
    expect(await world.record('egress_deny')).toMatchObject({
      host: 'x.api.example',
      reason: 'not allowlisted',
      signal: 'denied',
      mediator: 'egresstop',
      policy: mediator.revision(),
    });
  });

  it.each([
    'localhost:443',
    '127.0.0.1:80',
    '2130706433:80',
    '0x7f.1:80',
    '017700000001:80',
    '127.1:443',
    '[::1]:443',
    '[::ffff:169.254.169.254]:80',
    '169.254.169.254:80',
    '[64:ff9b::a9fe:a9fe]:80',
    '0.0.0.0:80',
    '[::]:80',
    '100.64.0.1:443',
    '[fd00:ec2::254]:80',
  ])('a tunnel that leads inside is denied: %s', async authority => {
    const mediator = await world.mediator();
    const { head } = await tunnel(mediator, authority);
    expect(head).toMatch(/^HTTP\/1\.1 403 /);
    expect(await world.record('egress_internal_deny')).toMatchObject({ internal: true });
  });

  it.each([
    'user@good.example:443',
    'a..example:443',
    `${'a'.repeat(300)}.example:443`,
    'b\u00fccher.example:443',
    'a.example',
  ])('the malformed authority %s is refused', async authority => {
    const mediator = await world.mediator();
    const { head } = await tunnel(mediator, authority);
    expect(head).toMatch(/^HTTP\/1\.1 400 /);
    await world.record('egress_deny');
  });

  it('a tunnel to an odd port of an unlisted host is denied', async () => {
    const mediator = await world.mediator({ pins: ['public.example:127.0.0.1'] });
    expect((await tunnel(mediator, 'public.example:22')).head).toMatch(/^HTTP\/1\.1 403 /);
  });

  it('goes to the mediator itself, even where an entry opens loopback', async () => {
    const mediator = await world.mediator({ policy: 'allow:\n  - 127.0.0.1\n' });
    expect((await tunnel(mediator, mediator.address)).head).toMatch(/^HTTP\/1\.1 403 /);
    await world.record('egress_internal_deny', { reason: `loop: ${mediator.address} is this mediator` });
  });

  it('a tunnel is denied when one address of its host is inside', async () => {
    const mediator = await world.mediator({ lookup: async () => ['203.0.113.1', '10.0.0.1'] });
    expect((await tunnel(mediator, 'rebind.example:443')).head).toMatch(/^HTTP\/1\.1 403 /);
    await world.record('egress_internal_deny', { host: 'rebind.example' });
  });

  it('a host that is denied by name is never looked up', async () => {
    const asked: string[] = [];
    const lookup = async (host: string) => [asked.push(host) ? '203.0.113.1' : ''];
    const mediator = await world.mediator({ mode: 'strict', lookup });
    expect((await tunnel(mediator, 'secret.evil.example:443')).head).toMatch(/^HTTP\/1\.1 403 /);
    expect(asked).toEqual([]);
  });

  it('whose origin does not answer gets 502 and an error record', async () => {
    const mediator = await world.mediator({ pins: ['gone.example:127.0.0.1:1'] });
    expect((await tunnel(mediator, 'gone.example:443')).head).toMatch(/^HTTP\/1\.1 502 /);
    expect(await world.record('egress_dial_error')).toMatchObject({
      host: 'gone.example',
      dst: '127.0.0.1:1',
    });
  });
});

it('a name that rebinds is asked for once, and the address that was checked is dialled', async () => {
  let asked = 0;
  let trapped = 0;
  const port = await world.tcp(
    socket => (socket.localAddress === '127.0.0.2' ? socket.end('checked') : (trapped += 1)),
    '0.0.0.0',
  );
  const lookup = async () => [(asked += 1) === 1 ? '127.0.0.2' : '127.0.0.1'];
  const mediator = await world.mediator({ policy: 'passthrough:\n  - rebind.example\n', lookup });
  const { socket } = await tunnel(mediator, `rebind.example:${port}`);
  expect(await readAll(socket)).toBe('checked');
  expect([asked, trapped]).toEqual([1, 0]);
  expect(await world.record('egress_allow')).toMatchObject({ internal: true, dst: `127.0.0.2:${port}` });
});

describe('clients that are slow or too many', () => {
  it('a half-sent head is answered 408 and closed', async () => {
    const mediator = await world.mediator({ limits: { headTimeoutMs: 100 } });
    const answer = await exchangeRaw(mediator, 'CONNECT slow.example:443 HTTP/1.1\r\nHost: slow');
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    await world.record('egress_deny', { reason: 'malformed request: too slow' });
  });

  it('a tunnel that never speaks is closed in time, with an error: nobody denied it', async () => {
    const port = await world.tcp(() => {});
    const pins = [`quiet.example:127.0.0.1:${port}`];
    const mediator = await world.mediator({ pins, limits: { handshakeTimeoutMs: 100 } });
    const { socket } = await tunnel(mediator, 'quiet.example:443');
    await readAll(socket);
    await world.record('egress_tunnel_error', { error: 'handshake timeout' });
    expect(world.events()).not.toContain('egress_deny');
  });

  it('a ClientHello that trickles in for ever is cut off', async () => {
    const port = await world.tcp(() => {});
    const pins = [`quiet.example:127.0.0.1:${port}`];
    const mediator = await world.mediator({ pins, limits: { handshakeTimeoutMs: 200 } });
    const { socket } = await tunnel(mediator, 'quiet.example:443');
    socket.write(Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc]));
    const drip = setInterval(() => socket.write(Buffer.from([0])), 20);
    await readAll(socket);
    clearInterval(drip);
    await world.record('egress_tunnel_error', { error: 'handshake timeout' });
  });

  it('connections over the cap are turned away and recorded', async () => {
    const mediator = await world.mediator({ limits: { connections: 2 } });
    const held = [await dialMediator(mediator), await dialMediator(mediator)];
    expect(await readAll(await dialMediator(mediator))).toMatch(/^HTTP\/1\.1 503 /);
    expect(await world.record('egress_cap_exceeded')).toMatchObject({ reason: 'concurrency', limit: 2 });
    for (const socket of held) socket.destroy();
  });
});

it('log, socket and key are their owner’s alone', async () => {
  const mediator = await world.mediator();
  expect(statSync(mediator.auditPath).mode & 0o777).toBe(0o600);
  expect(statSync(mediator.socketPath).mode & 0o777).toBe(0o600);
  expect(statSync(`${world.folder}/ca`).mode & 0o777).toBe(0o700);
  expect(statSync(`${world.folder}/ca/ca-key.pem`).mode & 0o777).toBe(0o600);
  expect(readFileSync(mediator.certificatePath, 'utf8')).toContain('BEGIN CERTIFICATE');
});
