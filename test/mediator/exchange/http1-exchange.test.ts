import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/event.ts';
import type { Mediator } from '../../../src/mediator/start-mediator.ts';
import { until } from '../../until.ts';
import { dialMediator, secured, tunnel, World } from '../world.ts';
import { HTTP1_CASES, type ExchangeCase } from './http1-cases.ts';
import { readMessage, type ReceivedMessage } from './read-message.ts';
import { ScriptedPeer, type Step } from './scripted-peer.ts';

const HOST = 'a.test';

let world: World;
let mediator: Mediator;
/** The origins' ports, without and with TLS. */
let [plain, secure] = [0, 0];
/** Takes the next connection of an origin. */
let accepted: (peer: ScriptedPeer) => void = () => {};

/** The sockets of this process, those of earlier test files included. */
const openSockets = (): number =>
  process.getActiveResourcesInfo().filter(each => each === 'TCPSocketWrap').length;

let openBefore = 0;
beforeAll(async () => {
  openBefore = openSockets();
  world = new World();
  plain = await world.tcp(socket => accepted(new ScriptedPeer(socket)));
  const { key, certificate } = await world.leafFor(HOST);
  const raw = new Map<number | undefined, Socket>();
  const server = createTls({ key, cert: certificate, allowHalfOpen: true } as never, socket =>
    accepted(new ScriptedPeer(socket, raw.get(socket.remotePort))),
  );
  server.on('connection', (socket: Socket) => raw.set(socket.remotePort, socket));
  server.on('tlsClientError', () => {});
  secure = await world.listen(server);
  mediator = await world.mediator({
    policy: `allow: [${HOST}]\n`,
    limits: { halfClosedMs: 300 },
    pins: [`${HOST}:443:127.0.0.1:${secure}`, `${HOST}:80:127.0.0.1:${plain}`],
  });
});
afterAll(() => world.end());

type Route = 'directly' | 'in absolute form' | 'intercepted';

/** The outcome of an exchange, as both ends saw it. */
interface Outcome {
  readonly client: ReceivedMessage;
  readonly origin: ReceivedMessage;
  /** Whether our own refusal stands in for an answer that never came. */
  readonly isRefused: boolean;
}

async function dial(route: Route): Promise<ScriptedPeer> {
  if (route === 'in absolute form') return new ScriptedPeer(await dialMediator(mediator));
  if (route === 'intercepted') {
    const { socket } = await tunnel(mediator, `${HOST}:443`);
    return new ScriptedPeer(
      await secured(socket, HOST, readFileSync(mediator.certificatePath, 'utf8')),
      socket,
    );
  }
  const socket = connect({ host: '127.0.0.1', port: plain, allowHalfOpen: true });
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => {}); // reset at once
  return new ScriptedPeer(socket);
}

const QUICKLY = { deadlineMs: 3000 };
const seenByClient = (peer: ScriptedPeer, method: string): ReceivedMessage =>
  readMessage(peer.heard, { answers: method, hasEnded: peer.hasEnded });
const NONE = readMessage('', { answers: null, hasEnded: false });

/** Bytes of a message that was cut off may have been lost on their way. */
const comparable = (message: ReceivedMessage): ReceivedMessage =>
  message.is === 'whole' ? message : { ...NONE, is: message.is };

/** Puts the target in place of its sign. */
function addressed(step: Step, target: string): Step {
  if (typeof step !== 'object') return step;
  if ('say' in step) return { say: step.say.replace('@/', target) };
  return 'trickle' in step ? { trickle: step.trickle.replace('@/', target) } : step;
}

async function run(
  route: Route,
  path: string,
  { method = 'GET', ...scripts }: ExchangeCase,
): Promise<Outcome> {
  let origin: ScriptedPeer | undefined;
  let answered: Promise<void> = Promise.resolve();
  let isTwice = false;
  const peers: ScriptedPeer[] = [];
  accepted = peer => {
    isTwice ||= (origin?.heard ?? '') !== '';
    origin = peer;
    peers.push(peer);
    answered = peer.follow(scripts.origin);
  };
  const target = `${route === 'in absolute form' ? `http://${HOST}` : ''}${path}`;
  const client = await dial(route);
  if (route !== 'in absolute form') await until(() => origin, { describe: 'the origin accepts' });
  const steps = scripts.client.map(step => addressed(step, target));
  await client.follow(steps, () => origin);
  await until(() => client.isOver || seenByClient(client, method).is === 'whole', {
    ...QUICKLY,
    describe: () => `an end for the client, which heard ${JSON.stringify(client.heard)}`,
  });
  client.close();
  await answered;
  await until(() => origin?.isOver ?? true, {
    ...QUICKLY,
    describe: 'the origin learns that its client left',
  });
  for (const peer of peers) peer.close();
  expect(isTwice).toBe(false); // no request is sent twice
  const seen = seenByClient(client, method);
  const request = origin ? readMessage(origin.heard, { answers: null, hasEnded: false }) : NONE;
  const isRefused = seen.fields.some(field => field.startsWith('x-egresstop-reason'));
  return {
    client: comparable(isRefused ? NONE : seen),
    origin: request.is === 'whole' ? request : NONE, // a part of a request is no request
    isRefused,
  };
}

/** The records that say how an exchange ended, once there is one. */
const closingRecords = (url: string): Promise<readonly JsonObject[]> =>
  until(
    () => {
      const found = world
        .records()
        .filter(record => record['event'] === 'egress_request' && record['url'] === url);
      return found.length === 0 ? (null as never) : found;
    },
    { describe: `a record of ${url}` },
  );

const cases = HTTP1_CASES.map((each, index) => [each.name, `/case-${index}`, each] as const);

describe.each(['in absolute form', 'intercepted'] as const)('an exchange %s', route => {
  it.each(cases.filter(([, , { halfCloses }]) => !(halfCloses && route === 'intercepted')))(
    '%s: both ends see what they see without the mediator',
    async (_name, path, scripts) => {
      const expected = await run('directly', path, scripts);
      const { client, origin, isRefused } = await run(route, path, scripts);
      expect(client).toEqual(expected.client);
      if (!scripts.isOriginGone) expect(origin).toEqual(expected.origin);
      if (origin.is === 'whole') {
        const record = await closingRecords(`${route === 'intercepted' ? 'https' : 'http'}://${HOST}${path}`);
        expect(record).toHaveLength(1);
        if (client.is === 'whole') expect(record[0]).toMatchObject({ status: Number(client.start) });
        else expect(record[0]).toMatchObject({ error: expect.any(String) });
      }
      if (isRefused) expect(expected.client.is).toBe('none'); // a refusal may stand in for silence alone
    },
  );
});

it('no exchange leaves a connection behind, however it ended', async () => {
  await until(() => openSockets() <= openBefore, {
    describe: () => `${openSockets()} sockets are open, and ${openBefore} were before`,
  });
});
