import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Mediator } from '../../../src/mediator/start-mediator.ts';
import { World } from '../world.ts';
import { holds } from './conformance-case.ts';
import { EXCHANGES } from './http-exchanges.ts';
import { AMBIGUOUS } from './http-requests.ts';
import { Origin, ORIGIN, runCase } from './run-case.ts';

let world: World;
let mediator: Mediator;
const origin = new Origin();

beforeAll(async () => {
  world = new World();
  await origin.start(world);
  mediator = await world.mediator({ policy: `allow: [${ORIGIN}]\n`, pins: [`${ORIGIN}:127.0.0.1`] });
});
afterAll(() => world.end());

const cases = [...AMBIGUOUS, ...EXCHANGES].map(each => [each.section, each.rule, each] as const);

describe('the rules of HTTP for proxies', () => {
  it.each(cases)('RFC %s: %s', async (_section, _rule, each) => {
    const seen = await runCase(Number(mediator.address.split(':').at(-1)), origin, each);
    expect({ holds: holds(each, seen), seen }).toEqual({ holds: each.differs?.ours === undefined, seen });
  });
});
