import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Mediator } from '../../../src/mediator/start-mediator.ts';
import { until } from '../../until.ts';
import { dialMediator, readAll, secured, tunnel, World } from '../world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

const UPGRADE = 'Connection: Upgrade\r\nUpgrade: websocket\r\n';
const ENDLESS = 'POST /up HTTP/1.1\r\nHost: other.test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n';
const both = 'allow:\n  - good.test\n  - other.test\n';

/** An origin that answers without end, echoes what is upgraded, and tells whether anybody is still connected. */
function endless(server: Server): { readonly server: Server; readonly connections: Set<Socket> } {
  const connections = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  server.on('request', (request, response) => {
    request.resume();
    response.write('begun');
  });
  server.on('upgrade', (_, socket) => {
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nbegun',
    );
    socket.pipe(socket);
  });
  return { server, connections };
}

async function clear(keepsTunnels = false) {
  const { server, connections } = endless(createServer());
  const port = await world.listen(server);
  const pins = [`other.test:127.0.0.1:${port}`];
  const mediator = await world.mediator({ policy: both, mode: 'strict', pins, keepsTunnels });
  return { mediator, connections };
}

async function securedOther() {
  const { key, certificate } = await world.leafFor('other.test');
  const { server, connections } = endless(createSecure({ key, cert: certificate }));
  return { connections, port: await world.listen(server) };
}

async function begun(socket: Socket, request: string): Promise<void> {
  let text = '';
  const collect = (chunk: Buffer): unknown => (text += chunk.toString('latin1'));
  socket.on('data', collect);
  socket.write(request);
  await until(() => text.includes('begun'), { describe: () => text });
  socket.removeListener('data', collect);
}

async function insideGood(mediator: Mediator): Promise<TLSSocket> {
  const { socket } = await tunnel(mediator, 'good.test:443');
  return secured(socket, 'good.test', readFileSync(mediator.certificatePath, 'utf8'));
}

/** Takes the entry of other.test away: both sides of its exchange end, and the log says why. */
async function endsBothSides(socket: Socket, connections: ReadonlySet<Socket>): Promise<void> {
  world.writePolicy('allow:\n  - good.test\n');
  await readAll(socket);
  await until(() => connections.size === 0, { describe: 'the origin to be left' });
  const reason = 'policy changed: not allowlisted';
  expect(await world.record('egress_close', { host: 'other.test' })).toMatchObject({ reason });
}

describe('an entry that is lost ends, without a tunnel of its host,', () => {
  it.each([
    ['a download', 'GET http://other.test/down HTTP/1.1\r\nHost: other.test\r\n\r\n'],
    ['an upload', ENDLESS.replace('/up', 'http://other.test/up')],
    ['a WebSocket', `GET http://other.test/ws HTTP/1.1\r\nHost: other.test\r\n${UPGRADE}\r\n`],
  ])('%s in absolute form', async (_, request) => {
    const { mediator, connections } = await clear();
    const socket = await dialMediator(mediator);
    await begun(socket, request);
    await endsBothSides(socket, connections);
  });

  it.each([
    ['a download', 'GET /down HTTP/1.1\r\nHost: other.test\r\n\r\n'],
    ['an upload', ENDLESS],
    ['a WebSocket', `GET /ws HTTP/1.1\r\nHost: other.test\r\n${UPGRADE}\r\n`],
  ])('%s in the tunnel of another host', async (_, request) => {
    const good = await world.https('good.test', (_request, response) => response.end());
    const { connections, port } = await securedOther();
    const pins = [`good.test:127.0.0.1:${good}`, `other.test:127.0.0.1:${port}`];
    const mediator = await world.mediator({ policy: both, mode: 'strict', pins });
    const tls = await insideGood(mediator);
    await begun(tls, request);
    await endsBothSides(tls, connections);
  });

  it('what waits for its answer, and says so to the client', async () => {
    const connections = new Set<Socket>();
    const port = await world.tcp(socket => {
      connections.add(socket.resume());
      socket.once('end', () => connections.delete(socket));
    });
    const pins = [`other.test:127.0.0.1:${port}`];
    const mediator = await world.mediator({ policy: both, mode: 'strict', pins });
    const socket = await dialMediator(mediator);
    socket.write('GET http://other.test/ HTTP/1.1\r\nHost: other.test\r\n\r\n');
    await world.record('egress_allow');
    world.writePolicy('allow: []\n');
    expect(await readAll(socket)).toContain('policy changed: not allowlisted');
    await until(() => connections.size === 0, { describe: 'the origin to be left' });
  });
});

it('an entry that is lost leaves a download alone where tunnels are kept', async () => {
  const { mediator, connections } = await clear(true);
  const socket = await dialMediator(mediator);
  await begun(socket, 'GET http://other.test/down HTTP/1.1\r\nHost: other.test\r\n\r\n');
  world.writePolicy('allow: []\n');
  await world.record('egress_policy_applied');
  expect(connections.size).toBe(1);
});
