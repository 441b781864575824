import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { registryIn } from '../confine/registry.ts';
import { World } from '../world.ts';
import { CLIENTS } from './clients.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const CLI = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));
const README = fileURLToPath(new URL('../../../src/mediator/README.md', import.meta.url));
const HOSTS = ['intercepted.example', 'passthrough.example'] as const;

let world: World;
/** What each client printed, by `HOST CLIENT`; nothing of one that is not there. */
let came: ReadonlyMap<string, string>;
/** The events of a stream that came, by number. */
let events: readonly string[] = [];

/** Every client asks both hosts in one program behind one mediator: starting each would cost minutes. */
beforeAll(async () => {
  world = new World();
  await world.originRoot(); // one for both
  const pins = await Promise.all(
    HOSTS.map(async host => {
      const listener = withEvents(registryIn(join(world.folder, `registry-${host}`), host));
      const port = await world.http2(host, server => server.on('request', listener as never));
      return `${host}:127.0.0.1:${port}`;
    }),
  );
  const { socketPath } = await world.mediator({
    mode: 'strict',
    policy: `allow:\n  - ${HOSTS[0]}\npassthrough:\n  - ${HOSTS[1]}\n`,
    pins,
  });
  const asked = CLIENTS.flatMap(({ isThere, command }, index) => {
    writeFileSync(join(world.folder, `client-${index}.sh`), command);
    return HOSTS.map(
      host =>
        `export HOST=${host}; if ${isThere} >/dev/null 2>&1; then printf '%s %s ' ${host} ${index}; timeout 20 sh client-${index}.sh 2>&1 </dev/null | tr '\\n' ' '; echo; fi`,
    );
  });
  const stream = `curl -sSN -m 20 https://${HOSTS[0]}/events | while read -r event; do echo "event $event"; curl -sS https://${HOSTS[0]}/seen; done`;
  const child = spawn(
    process.execPath,
    [
      CLI,
      'run',
      '--socket',
      socketPath,
      '--agent',
      'matrix',
      '--',
      'sh',
      '-c',
      [...asked, stream].join('\n'),
    ],
    { cwd: world.folder, env: { ...process.env, NODE: process.execPath, HOME: world.folder } },
  );
  let out = '';
  child.stdout.on('data', chunk => (out += String(chunk)));
  child.stderr.resume();
  await once(child, 'close');
  const lines = out.split('\n');
  events = lines.flatMap(line => (line.startsWith('event ') ? [line.slice(6)] : []));
  came = new Map(
    lines.flatMap(line => {
      const [, host = '', index = '', text = ''] = /^(\S+\.example) (\d+) (.*)$/.exec(line) ?? [];
      const client = CLIENTS[Number(index)];
      return host === '' || !client ? [] : [[`${host} ${client.name}`, text.trim()]];
    }),
  );
});
afterAll(() => world.end());

/** Beside the files: a stream of five events, each of which is sent once the client has seen the one before. */
function withEvents(files: RequestListener): RequestListener {
  let stream: Parameters<RequestListener>[1] | null = null;
  let sent = 0;
  const send = (): void => {
    stream?.write(`${(sent += 1)}\n`);
    if (sent === 5) stream?.end();
  };
  return (request, response) => {
    if (request.url === '/seen') {
      if (sent < 5) send();
      response.end();
    } else if (request.url === '/events') {
      stream = response;
      response.setHeader('content-type', 'text/event-stream');
      send();
    } else files(request, response);
  };
}

it.each(CLIENTS.flatMap(({ name }) => HOSTS.map(host => [name, host] as const)))(
  '%s reaches %s through the variables of run, where it is installed',
  (name, host) => {
    expect(came.get(`${host} ${name}`) ?? 'plain answer').toBe('plain answer');
  },
);

it('each client of the matrix was recorded as its host is ruled: intercepted or passed through', () => {
  const allowed = world.records().filter(({ event }) => event === 'egress_allow');
  for (const host of HOSTS) {
    const how = new Set(allowed.filter(record => record['host'] === host).map(each => each['interception']));
    expect([...how]).toEqual([host.split('.')[0]]);
  }
  expect(allowed.filter(({ agent }) => agent !== 'matrix')).toEqual([]);
});

it('the events of a stream pass one by one, and wait for no later event', () => {
  expect(events).toEqual(['1', '2', '3', '4', '5']); // a later one is sent only when the earlier one was seen
});

it('the README of the mediator lists the clients of the matrix', () => {
  const [begin, end] = ['<!-- clients -->\n', '<!-- /clients -->'];
  const rows = CLIENTS.map(({ name }) => `| ${name} | yes | yes |`);
  const table = ['| client | intercepted | passed through |', '| --- | --- | --- |', ...rows, ''].join('\n');
  const text = readFileSync(README, 'utf8');
  const [before = '', after = ''] = [text.split(begin)[0], text.split(end)[1]];
  const wanted = `${before}${begin}${table}${end}${after}`;
  if (process.env['UPDATE_MATRIX']) writeFileSync(README, wanted);
  expect(readFileSync(README, 'utf8')).toBe(wanted);
});
