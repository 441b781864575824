import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, hasSquid, startProxy, startSquidProcess, type ProxyProcess } from '../mediator/squid.ts';
import type { World } from '../mediator/world.ts';
import { npmPeer } from './install-peers.ts';
import { PROGRAM } from './timed-run.ts';

/** The host that every proxy here lets through, and finds on loopback. */
export const ORIGIN = 'pinned.example';

export interface Contender {
  readonly name: string;
  /** Its work for a tunnel, for a reader who wants to know how fair the row is. */
  readonly asked: string;
  readonly start: ((world: World) => Promise<ProxyProcess>) | null;
}

/** The program as it is installed, in a home of its own; further flags come last. */
export async function startMediator(
  world: World,
  policy: string,
  ...flags: readonly string[]
): Promise<ProxyProcess> {
  const port = await freePort();
  const home = join(world.folder, 'home');
  mkdirSync(home);
  world.writePolicy(policy);
  const args = [
    PROGRAM,
    'mediator',
    '--policy',
    world.policyPath,
    '--mode',
    'strict',
    '--listen',
    `127.0.0.1:${port}`,
    '--resolve',
    `${ORIGIN}:127.0.0.1`,
    '--audit',
    join(home, 'audit', 'audit.jsonl'),
    '--socket',
    join(home, 'mediator.sock'),
    '--max-connections',
    '10000',
    ...flags,
  ];
  return startProxy(world, port, process.execPath, args, { PATH: process.env['PATH'], HOME: home });
}

/** The proxy of the sandbox runtime, which comes as a function: a process of its own that lets everything through to loopback. */
const SANDBOX_RUNTIME = (folder: string): string => `
  import { createHttpProxyServer } from ${JSON.stringify(join(folder, 'dist/sandbox/http-proxy.js'))};
  createHttpProxyServer({
    filter: () => true,
    lookupFor: () => (_, __, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
  }).listen(Number(process.argv[1]), '127.0.0.1');`;

async function startSandboxRuntime(world: World, folder: string): Promise<ProxyProcess> {
  const port = await freePort();
  const args = ['--input-type=module', '-e', SANDBOX_RUNTIME(folder), String(port)];
  return startProxy(world, port, process.execPath, args);
}

export const MEDIATOR: Contender & { readonly start: (world: World) => Promise<ProxyProcess> } = {
  name: 'egresstop',
  asked: '',
  start: world => startMediator(world, `passthrough:\n  - ${ORIGIN}\n`),
};

export function proxyPeers(): readonly Contender[] {
  const folder = npmPeer('@anthropic-ai/sandbox-runtime');
  return [
    {
      name: 'Squid',
      asked:
        'to let through one listed host (`acl dstdomain`), with one worker, caches and access log off; egresstop rules, checks the address and records each tunnel',
      start: hasSquid ? world => startSquidProcess(world, [ORIGIN], [ORIGIN]) : null,
    },
    {
      name: 'sandbox-runtime',
      asked: 'to let everything through, with a filter that says yes and a look-up that answers at once',
      start: folder === null ? null : world => startSandboxRuntime(world, folder),
    },
  ];
}
