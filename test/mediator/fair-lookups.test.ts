import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FairTurns } from '../../src/mediator/fair-turns.ts';
import { until } from '../until.ts';
import { tunnel, World } from './world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

const as = (agent: string): string =>
  `Proxy-Authorization: Basic ${Buffer.from(`${agent}:-`).toString('base64')}\r\n`;

it('an agent that asks for names that nobody answers for does not delay another agent’s', async () => {
  const asked: string[] = [];
  const mediator = await world.mediator({
    lookup: host => {
      asked.push(host);
      return host.startsWith('slow') ? new Promise(() => {}) : Promise.resolve(['127.0.0.1']);
    },
  });
  const slow = Array.from({ length: 40 }, (_, index) =>
    tunnel(mediator, `slow-${index}.example:443`, as('greedy')),
  );
  await until(() => asked.length === 4);
  const { head } = await tunnel(mediator, 'quick.example:443', as('modest'));
  expect(head).toMatch(/^HTTP\/1\.1 403 /); // looked up, and inside
  expect(asked).toEqual([
    ...Array.from({ length: 4 }, (_, index) => `slow-${index}.example`),
    'quick.example',
  ]);
  void Promise.allSettled(slow);
});

describe('turns', () => {
  const never = new AbortController().signal;

  it('turns are taken in order, and each that ends passes to the next', async () => {
    const turns = new FairTurns(1, 1);
    const order: string[] = [];
    const take = async (who: string): Promise<() => void> => {
      const over = await turns.take(who, never);
      order.push(who);
      return over;
    };
    const first = await take('a');
    const [second, third] = [take('b'), take('a')];
    first();
    (await second)();
    (await third)();
    expect(order).toEqual(['a', 'b', 'a']);
  });

  it('that were given up take no place', async () => {
    const turns = new FairTurns(1, 1);
    const over = await turns.take('a', never);
    const late = new AbortController();
    const given = turns.take('a', late.signal);
    late.abort(new Error('late'));
    await expect(given).rejects.toThrow('late');
    over();
    await turns.take('a', never);
  });
});
