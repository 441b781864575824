import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { until } from '../until.ts';
import type { World } from './world.ts';

/** Debian puts it where users' paths do not look. */
const PROGRAM = '/usr/sbin/squid';

export const hasSquid = spawnSync(PROGRAM, ['-v']).status === 0;

/** A proxy in a process of its own. */
export interface ProxyProcess {
  readonly port: number;
  readonly pid: number;
}

/** Squid on loopback, letting through just the hosts that `dstdomain` names; every name resolves to loopback. Its port. */
export const startSquid = async (
  world: World,
  dstdomain: readonly string[],
  names: readonly string[],
): Promise<number> => (await startSquidProcess(world, dstdomain, names)).port;

export async function startSquidProcess(
  world: World,
  dstdomain: readonly string[],
  names: readonly string[],
): Promise<ProxyProcess> {
  const folder = join(world.folder, 'squid');
  mkdirSync(folder);
  for (const path of [world.folder, folder]) chmodSync(path, 0o777); // it gives up root
  const port = await freePort();
  writeFileSync(join(folder, 'hosts'), names.map(name => `127.0.0.1 ${name}\n`).join(''));
  const configuration = [
    `http_port 127.0.0.1:${port}`,
    `hosts_file ${folder}/hosts`,
    'dns_nameservers 127.0.0.1',
    'dns_timeout 1 seconds',
    `acl listed dstdomain ${dstdomain.join(' ')}`,
    'http_access allow listed',
    'http_access deny all',
    'cache deny all',
    'access_log none',
    `cache_log ${folder}/cache.log`,
    'pid_filename none',
    `coredump_dir ${folder}`,
    'shutdown_lifetime 0 seconds',
    'pinger_enable off',
  ];
  writeFileSync(join(folder, 'squid.conf'), `${configuration.join('\n')}\n`);
  return startProxy(world, port, PROGRAM, ['-N', '-f', join(folder, 'squid.conf')]);
}

/** Starts a program that will listen on a port of loopback, and waits until it does. */
export async function startProxy(
  world: World,
  port: number,
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<ProxyProcess> {
  const child = spawn(program, args, { stdio: 'ignore', env });
  world.atEnd(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  await until(() => answers(port), { describe: `${program} answers` });
  return { port, pid: child.pid ?? 0 };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise(resolve => {
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
