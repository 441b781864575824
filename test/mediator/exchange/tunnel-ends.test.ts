import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Mediator } from '../../../src/mediator/start-mediator.ts';
import { until } from '../../until.ts';
import { tunnel, World } from '../world.ts';
import { ScriptedPeer, type Step } from './scripted-peer.ts';

const HOST = 'a.test';
const ENDS = ['end', 'reset', 'close'] as const;
const SIDES = ['client', 'origin'] as const;
type Side = (typeof SIDES)[number];

/** Other tests of this process may have left connections behind. */
const connections = (): number =>
  process.getActiveResourcesInfo().filter(resource => resource === 'TCPSocketWrap').length;

let connectionsBefore = 0;
let world: World;
let mediator: Mediator;
let port = 0;
let accepted: (peer: ScriptedPeer) => void = () => {};

beforeAll(async () => {
  connectionsBefore = connections();
  world = new World();
  port = await world.tcp(socket => accepted(new ScriptedPeer(socket)));
  mediator = await world.mediator({
    policy: `passthrough: ["${HOST}"]\n`,
    pins: [`${HOST}:127.0.0.1:${port}`],
  });
});
afterAll(() => world.end());

/** Bytes that each side sends before one of them ends; the other hears them, and then speaks on where it still can. */
const POINTS: readonly (readonly [name: string, client: string, origin: string])[] = [
  ['behind words of the client', 'hello', ''],
  ['behind words of the origin', '', 'banner'],
  ['behind words of both', 'hello', 'banner'],
];

async function run(isMediated: boolean, scripts: Readonly<Record<Side, readonly Step[]>>) {
  const origins: ScriptedPeer[] = [];
  let told: Promise<void> = Promise.resolve();
  accepted = peer => {
    origins.push(peer);
    told = peer.follow(scripts.origin, () => client);
  };
  let client: ScriptedPeer | undefined;
  if (isMediated) client = new ScriptedPeer((await tunnel(mediator, `${HOST}:22`)).socket);
  else {
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
    await once(socket, 'connect');
    client = new ScriptedPeer(socket);
  }
  await until(() => origins[0]);
  await Promise.all([client.follow(scripts.client, () => origins[0]), told]);
  const [origin] = origins;
  await until(() => client.isOver && origin?.isOver, {
    describe: 'both sides learn of the end',
    deadlineMs: 3000,
  });
  const seen = [client, origin].map(peer => ({ heard: peer?.heard, hasEnded: peer?.hasEnded }));
  client.close();
  origin?.close();
  return seen;
}

const say = (text: string): readonly Step[] => (text === '' ? [] : [{ say: text }]);
const hear = (text: string): readonly Step[] => (text === '' ? [] : [{ hear: text }]);
const arrives = (text: string): readonly Step[] => (text === '' ? [] : [{ arrives: text }]);

describe('ends of tunnels that are passed through', () => {
  it.each(
    SIDES.flatMap(side =>
      ENDS.flatMap(end => POINTS.map(([point, ...words]) => [side, end, point, words] as const)),
    ),
  )(
    'a tunnel whose %s does %s %s ends at both sides as a direct connection does',
    async (side, end, _point, words) => {
      const [byClient, byOrigin] = words;
      const [own, other] = side === 'client' ? [byClient, byOrigin] : [byOrigin, byClient];
      const ending: readonly Step[] = [...say(own), ...hear(other), ...arrives(own), end];
      const last: readonly Step[] = end === 'end' ? [{ say: 'the last word' }, 'end'] : ['close'];
      const answering: readonly Step[] = [...say(other), ...hear(own), ...arrives(other), 'left', ...last];
      const scripts =
        side === 'client' ? { client: ending, origin: answering } : { client: answering, origin: ending };
      expect(await run(true, scripts)).toEqual(await run(false, scripts));
    },
  );

  it('each tunnel leaves one close in the log, and no connection', async () => {
    const opened = (): number => world.records().filter(({ event }) => event === 'egress_allow').length;
    const closed = (): number => world.records().filter(({ event }) => event === 'egress_close').length;
    await until(() => closed() === opened(), { describe: () => `${opened()} opened, ${closed()} closed` });
    expect(closed()).toBe(SIDES.length * ENDS.length * POINTS.length);
    await until(() => connections() <= connectionsBefore, {
      describe: () => `${connections()} connections, ${connectionsBefore} before`,
    });
  });
});
