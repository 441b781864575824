import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { exchangeRaw, World } from '../world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

it.each([
  ['GET http://user:sekret@good.test/ HTTP/1.1\r\nHost: good.test\r\n\r\n'],
  ['GET https://user:sekret@good.test/ HTTP/1.1\r\nHost: good.test\r\n\r\n'],
  ['CONNECT user:sekret@good.test:443 HTTP/1.1\r\nHost: good.test\r\n\r\n'],
  ['GET http://good.test/ HTTP/1.1\r\nHost: user:sekret@good.test\r\n\r\n'],
])('a password before the host is in no record and no answer: %s', async request => {
  const mediator = await world.mediator();
  const answer = await exchangeRaw(mediator, request);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  const { host } = await world.record('egress_deny');
  expect(String(host)).toContain('good.test');
  expect(answer + readFileSync(mediator.auditPath, 'utf8')).not.toContain('sekret');
});
