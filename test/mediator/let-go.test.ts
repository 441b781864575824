import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { letGo } from '../../src/mediator/let-go.ts';
import { socketPair } from './tunnel/small-mediation.ts';

const endings: (() => unknown)[] = [];
afterEach(() => {
  for (const end of endings.splice(0)) end();
});

it('a socket keeps its listeners until it is closed, and then has none but one for late errors', async () => {
  const { near } = await socketPair(endings);
  let [heard, isGone] = [0, false];
  near.on('data', () => {});
  letGo(near, () => (isGone = true));
  near.once('close', () => (heard += 1)); // registered later, and still told
  expect(isGone).toBe(false);
  expect(near.listenerCount('data')).toBe(1);
  near.destroy();
  await once(near, 'close');
  expect({ heard, isGone }).toEqual({ heard: 1, isGone: true });
  expect(near.eventNames()).toEqual(['error']);
  near.emit('error', new Error('late')); // throws where nobody listens
});

it('a socket that is closed already loses its listeners at once', async () => {
  const { near } = await socketPair(endings);
  near.on('data', () => {});
  near.destroy();
  await once(near, 'close');
  letGo(near);
  expect(near.eventNames()).toEqual(['error']);
});
