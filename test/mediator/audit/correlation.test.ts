import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { EgressEvent } from '../../../src/core/event.ts';
import { Traffic } from '../../../src/core/traffic/traffic.ts';
import type { Mediator } from '../../../src/mediator/start-mediator.ts';
import { egresstop } from '../../../src/systems/egresstop/index.ts';
import { until } from '../../until.ts';
import { exchangeRaw, secured, tunnel, World } from '../world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

const events = (): readonly EgressEvent[] =>
  world.records().map(record => egresstop.decode(record, { source: 'audit.jsonl', agent: null }));
const idsOf = (host: string): readonly (string | null)[] => [
  ...new Set(events().flatMap(event => (event.host === host ? [event.correlationId] : []))),
];

/** Asks over one intercepted tunnel to `api.example`, one request for each `Host`. */
async function askInTunnel(mediator: Mediator, port: number, hosts: readonly string[]): Promise<void> {
  const { socket } = await tunnel(mediator, `api.example:${port}`);
  const tls = await secured(socket, 'api.example', readFileSync(join(world.folder, 'ca', 'ca.pem'), 'utf8'));
  let answered = '';
  tls.on('data', chunk => (answered += String(chunk)));
  for (const [index, host] of hosts.entries()) {
    const last = index === hosts.length - 1 ? 'Connection: close\r\n' : '';
    tls.write(`GET /${index} HTTP/1.1\r\nHost: ${host}\r\n${last}\r\n`);
  }
  await until(() => answered.match(/HTTP\/1\.1 \d+/g)?.length === hosts.length, {
    describe: () => `${hosts.length} answers in ${answered}`,
  });
  tls.destroy();
  await world.record('egress_close', { host: 'api.example' });
}

async function intercepting(): Promise<{ readonly mediator: Mediator; readonly port: number }> {
  const port = await world.https('api.example', (_, response) => response.end('hello'));
  const pins = [`api.example:127.0.0.1:${port}`];
  return { mediator: await world.mediator({ policy: 'allow: [api.example]\n', mode: 'strict', pins }), port };
}

it('a tunnel and all requests in it share one id, and the next tunnel has another', async () => {
  const { mediator, port } = await intercepting();
  const host = `api.example:${port}`;
  await askInTunnel(mediator, port, [host, host]);
  expect(idsOf('api.example')).toHaveLength(1);
  expect(events().filter(event => event.host === 'api.example').length).toBeGreaterThan(5);
  await askInTunnel(mediator, port, [host]);
  expect(idsOf('api.example')).toHaveLength(2);
});

it('a request for another host than its tunnel’s is an attempt with an id of its own', async () => {
  const { mediator, port } = await intercepting();
  await askInTunnel(mediator, port, [`api.example:${port}`, 'evil.example']);
  expect(idsOf('evil.example')).toHaveLength(1);
  expect(idsOf('api.example')).not.toContain(idsOf('evil.example')[0]);
});

it('each request of a plain connection has an id of its own, and each record of any kind has one', async () => {
  const mediator = await world.mediator({ policy: 'allow: []\n', mode: 'strict' });
  const get = (host: string): string => `GET http://${host}/ HTTP/1.1\r\nHost: ${host}\r\n`;
  await exchangeRaw(mediator, `${get('a.example')}\r\n${get('b.example')}Connection: close\r\n\r\n`);
  await exchangeRaw(mediator, 'CONNECT a.example:1 HTTP/1.1\r\nHost: other\r\nHost: a.example\r\n\r\n');
  await exchangeRaw(mediator, 'no request at all\r\n\r\n');
  const all = events().map(event => event.correlationId);
  expect(all.length).toBeGreaterThan(4);
  expect(all).not.toContain(null);
  expect(new Set(all).size).toBe(all.length);
});

it('the records of one attempt are joined for the event page', async () => {
  const { mediator, port } = await intercepting();
  await askInTunnel(mediator, port, [`api.example:${port}`]);
  const traffic = new Traffic();
  const own = events();
  for (const event of own) traffic.add(event, Date.now());
  const allow = own.find(event => event.verdict === 'allow');
  const kinds = allow ? traffic.joins.of(allow).map(({ kind }) => kind) : [];
  expect(kinds).toEqual(expect.arrayContaining(['egress_connect', 'egress_request', 'egress_close']));
});

it('the ids of two runs never meet', () => {
  const module = fileURLToPath(new URL('../../../src/mediator/attempt-id.ts', import.meta.url));
  const script = `const { nextAttemptId } = await import(${JSON.stringify(module)}); console.log(nextAttemptId(), nextAttemptId())`;
  const run = (): readonly string[] =>
    execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
      .trim()
      .split(' ');
  const ids = [...run(), ...run(), ...run()];
  expect(new Set(ids).size).toBe(6);
});
