import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../until.ts';

/** Squid of the Debian package; null where it is not installed. */
export const SQUID = ['/usr/sbin/squid', '/usr/local/sbin/squid'].find(existsSync) ?? null;

/** A real Squid with a log, a configuration and a file of names of its own, and an origin that takes any connection. */
export interface SquidMachine {
  readonly folder: string;
  readonly log: string;
  /** The file of the names that may be reached. */
  readonly names: string;
  readonly conf: string;
  readonly reload: string;
  /** The status of a CONNECT to that host at the origin's port; the tunnel is closed at once. */
  readonly connect: (host: string) => Promise<number>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

/** Starts Squid on loopback. `hosts` lead to the origin. The conf is what follows the acl `names` of the file. */
export async function startSquid(options: {
  readonly names: string;
  readonly hosts: readonly string[];
  readonly access: string;
}): Promise<SquidMachine> {
  if (SQUID === null) throw new Error('Squid is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'squid-'));
  chmodSync(folder, 0o777); // started by root, it gives up root
  const path = (name: string): string => join(folder, name);
  const origin = createServer(socket => socket.on('error', () => undefined).end()).listen(0, '127.0.0.1');
  await until(() => origin.listening);
  const port = await freePort();
  writeFileSync(path('names.txt'), options.names);
  writeFileSync(path('hosts'), options.hosts.map(host => `127.0.0.1 ${host}\n`).join(''));
  writeFileSync(
    path('squid.conf'),
    [
      `http_port 127.0.0.1:${port}`,
      `pid_filename ${path('squid.pid')}`,
      `cache_log ${path('cache.log')}`,
      `access_log stdio:${path('access.log')} squid`,
      'logfile_rotate 0',
      'buffered_logs off',
      'shutdown_lifetime 0 seconds',
      'dns_nameservers 127.0.0.1',
      `hosts_file ${path('hosts')}`,
      'visible_hostname test',
      `coredump_dir ${folder}`,
      `acl names dstdomain -n "${path('names.txt')}"`,
      options.access,
      '',
    ].join('\n'),
  );
  const child = spawn(SQUID, ['-N', '-f', path('squid.conf')], { stdio: 'ignore' });
  await until(() => existsSync(path('squid.pid')) && existsSync(path('access.log')));
  await until(() => answers(port));
  const { port: originPort } = origin.address() as AddressInfo;
  return {
    folder,
    log: path('access.log'),
    names: path('names.txt'),
    conf: path('squid.conf'),
    reload: `${SQUID} -f ${path('squid.conf')} -k reconfigure`,
    connect: host => connectBy(port, `${host}:${originPort}`),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await new Promise(resolve =>
        child.exitCode === null && child.signalCode === null ? child.once('exit', resolve) : resolve(null),
      );
      origin.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await until(() => server.listening);
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}

/** Whether something listens on the port. */
function answers(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Asks the proxy for a tunnel. 0 where it does not answer. */
function connectBy(port: number, target: string): Promise<number> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`),
    );
    const end = (status: number): void => {
      socket.destroy();
      resolve(status);
    };
    socket.once('data', (data: Buffer) =>
      end(Number(/^HTTP\/1\.\d (\d{3})/.exec(data.toString())?.[1] ?? 0)),
    );
    socket.once('error', () => end(0));
    socket.setTimeout(5_000, () => end(0));
  });
}

/** Squid's own complaint about a configuration. Null where it would start with it. */
export function bungled(conf: string): string | null {
  const parsed = spawnSync(SQUID ?? '', ['-f', conf, '-k', 'parse'], { encoding: 'utf8' });
  return parsed.status === 0 ? null : parsed.stderr;
}
