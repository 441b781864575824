import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { registryIn } from '../confine/registry.ts';
import { World } from '../world.ts';
import { CLIENTS, SERVERS } from './clients.ts';
import { grpcServer, mutualServer, sshServer, webSocketServer } from './servers.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const CLI = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));
const README = fileURLToPath(new URL('../../../src/mediator/README.md', import.meta.url));
/** Where compiled packages of Go are kept between runs: compiling them anew takes longer than all else here. */
const GO_CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'go-build');
const HOSTS = ['intercepted.example', 'passthrough.example'] as const;

let world: World;
/** The output of each client, by `HOST CLIENT`; nothing of one that is not there. */
let came: ReadonlyMap<string, string>;
/** The hosts whose gRPC server was told that a client gave a call up. */
const cancelled: string[] = [];
/** The events of a stream that came, by number. */
let events: readonly string[] = [];

/** Every client asks both hosts in one program behind one mediator: starting each would cost minutes. */
beforeAll(async () => {
  world = new World();
  await world.originRoot(); // one for both
  const pins = await Promise.all(
    HOSTS.flatMap(host =>
      SERVERS.map(async label => `${label}${host}:127.0.0.1:${await portOf(label, host)}`),
    ),
  );
  const { socketPath } = await world.mediator({
    mode: 'strict',
    policy: `allow:\n${entries(HOSTS[0])}passthrough:\n${entries(HOSTS[1])}`,
    pins,
  });
  const asked = CLIENTS.flatMap(({ isThere, command, server = '' }, index) => {
    writeFileSync(join(world.folder, `client-${index}.sh`), command);
    const asks = HOSTS.map(
      host =>
        `export HOST=${server}${host}; printf '%s %s ' ${host} ${index}; timeout 60 sh client-${index}.sh 2>&1 </dev/null | tr '\\n' ' '; echo`,
    );
    return [`if ${isThere} >/dev/null 2>&1; then`, ...asks, 'fi'];
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
    { cwd: world.folder, env: { ...process.env, NODE: process.execPath, HOME: world.folder, GO_CACHE } },
  );
  let out = '';
  child.stdout.on('data', chunk => (out += String(chunk)));
  child.stderr.resume();
  await once(child, 'close');
  const lines = out.split('\n');
  events = lines.flatMap(line => (line.startsWith('event ') ? [line.slice(6)] : []));
  came = new Map(
    lines.flatMap(line => {
      const [, host = '', index = '', text = ''] = /^(\S+\.example) (\d+) (.*)$/s.exec(line) ?? [];
      const client = CLIENTS[Number(index)];
      return host === '' || !client ? [] : [[`${host} ${client.name}`, text.trim()]];
    }),
  );
});
afterAll(() => world.end());

const entries = (host: string): string => SERVERS.map(label => `  - ${label}${host}\n`).join('');

/** Starts the server behind a host of the matrix. */
async function portOf(label: (typeof SERVERS)[number], host: string): Promise<number> {
  switch (label) {
    case '':
      return world.http2(host, server => {
        server.on('request', withEvents(registryIn(join(world.folder, `registry-${host}`), host)) as never);
      });
    case 'grpc.':
      return grpcServer(world, label + host, () => cancelled.push(host));
    case 'mtls.':
      return mutualServer(world, label + host);
    case 'ssh.':
      return sshServer(world, host);
    case 'ws.':
      return webSocketServer(world, label + host);
  }
}

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

it.for(CLIENTS.flatMap(client => HOSTS.map(host => [client.name, host, client] as const)))(
  '%s gets at %s what the README says, where it is installed',
  ([name, host, { notIntercepted }], { skip }) => {
    const said = came.get(`${host} ${name}`);
    if (said === undefined && !came.has(`${HOSTS[1]} ${name}`)) return skip(`${name} is not installed`);
    if (notIntercepted && host === HOSTS[0]) expect(said).toMatch(notIntercepted.prints);
    else expect(said).toBe('plain answer');
  },
);

it('a gRPC server learns that a client gave its call up at the deadline', () => {
  expect(cancelled.toSorted()).toEqual(HOSTS); // each once
});

it('each client of the matrix was recorded as its host is ruled: intercepted or passed through', () => {
  const allowed = world.records().filter(({ event }) => event === 'egress_allow');
  for (const host of HOSTS) {
    const how = new Set(
      allowed.filter(record => String(record['host']).endsWith(host)).map(each => each['interception']),
    );
    expect([...how]).toEqual([host.split('.')[0]]);
  }
  expect(allowed.filter(({ agent }) => agent !== 'matrix')).toEqual([]);
});

it('the events of a stream pass one by one, and wait for no later event', () => {
  expect(events).toEqual(['1', '2', '3', '4', '5']); // a later one is sent only when the earlier one was seen
});

it('the README of the mediator lists the clients of the matrix', () => {
  const [begin, end] = ['<!-- clients -->\n', '<!-- /clients -->'];
  const rows = CLIENTS.map(
    ({ name, notIntercepted }) =>
      `| ${name} | ${notIntercepted ? `no: ${notIntercepted.why}` : 'yes'} | yes |`,
  );
  const table = ['| client | intercepted | passed through |', '| --- | --- | --- |', ...rows, ''].join('\n');
  const text = readFileSync(README, 'utf8');
  const [before = '', after = ''] = [text.split(begin)[0], text.split(end)[1]];
  const wanted = `${before}${begin}${table}${end}${after}`;
  if (process.env['UPDATE_MATRIX']) writeFileSync(README, wanted);
  expect(readFileSync(README, 'utf8')).toBe(wanted);
});
