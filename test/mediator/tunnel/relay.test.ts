import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { relay } from '../../../src/mediator/tunnel/relay.ts';
import { socketPair } from './small-mediation.ts';

type Pair = Awaited<ReturnType<typeof socketPair>>;

const endings: (() => unknown)[] = [];
let pairs: { readonly client: Pair; readonly origin: Pair } | null = null;
let relayed: Promise<void> = Promise.resolve();

beforeEach(async () => {
  const [client, origin] = [await socketPair(endings), await socketPair(endings)];
  pairs = { client, origin };
  relayed = relay(client.near, origin.near, { moved: null });
});
afterEach(() => {
  for (const end of endings.splice(0)) end();
});

function ends(): { readonly client: Pair; readonly origin: Pair } {
  if (!pairs) throw new Error('there is no relay');
  return pairs;
}

it('all bytes of a client arrive that still wait for the origin when both sides have ended', async () => {
  const { client, origin } = ends();
  origin.far.end('bye');
  client.far.resume();
  await once(client.far, 'end');
  origin.near.cork(); // as a full kernel: what is written waits
  client.far.end('last words');
  let received = '';
  origin.far.on('data', chunk => (received += chunk));
  await once(origin.far, 'end');
  expect(received).toBe('last words');
});

it('an origin still answers after its client ended', async () => {
  const { client, origin } = ends();
  client.far.end('question');
  origin.far.resume();
  await once(origin.far, 'end');
  origin.far.end('answer');
  let received = '';
  client.far.on('data', chunk => (received += chunk));
  await once(client.far, 'end');
  expect(received).toBe('answer');
});

it('neither side is reset where both ended in order', async () => {
  const { client, origin } = ends();
  const resets: string[] = [];
  for (const [name, { near, far }] of Object.entries({ client, origin })) {
    const reset = near.resetAndDestroy.bind(near);
    near.resetAndDestroy = () => {
      resets.push(name);
      return reset();
    };
    far.resume();
  }
  origin.far.end('bye');
  await once(client.far, 'end');
  client.far.end('bye');
  await relayed;
  expect(resets).toEqual([]);
});
