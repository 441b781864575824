import { nkeys } from '@nats-io/transport-node';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { until } from '../../until.ts';

/** Debian puts it where users' paths do not look. */
const PROGRAM = '/usr/sbin/nats-server';

/** Tests of fleets are skipped without it; `apt-get install nats-server` brings it. */
export const hasNatsServer = spawnSync(PROGRAM, ['-v']).status === 0;

/** A user that a server lets in by its nkey. */
export interface NkeyUser {
  readonly publicKey: string;
  /** A file with the seed, which nobody else may read. */
  readonly seedFile: string;
}

/** A real nats-server with JetStream on loopback. Its store is a temporary folder that goes with it. */
export interface NatsServer {
  readonly port: number;
  /** `nats://127.0.0.1:PORT/PLACE`. */
  readonly url: (place: string) => string;
  /** Where the streams are kept: copy it while the server is down to put an older store back. */
  readonly store: string;
  /** Ends it in the middle of anything, and waits until it is gone. */
  readonly kill: () => Promise<void>;
  /** Starts it again with the same port, store and configuration. */
  readonly restart: () => Promise<void>;
  /** Ends it and removes its folder. */
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

/** A key pair of a user, with its seed in a file of `folder`. */
export function nkeyUser(folder: string, name: string): NkeyUser {
  const pair = nkeys.createUser();
  const seedFile = join(folder, `${name}.nk`);
  writeFileSync(seedFile, pair.getSeed(), { mode: 0o600 });
  return { publicKey: pair.getPublicKey(), seedFile };
}

/**
 * Starts a server. `configuration` is text of a nats-server configuration, such as an `accounts` or `authorization` block; without it
 * everybody is let in. JetStream is on; an account has it only where its block says `jetstream: enabled`.
 */
export async function startNatsServer(configuration = ''): Promise<NatsServer> {
  const folder = mkdtempSync(join(tmpdir(), 'egresstop-nats-'));
  const store = join(folder, 'store');
  let [port, child]: [number, ChildProcess | null] = [-1, null];
  const start = async (): Promise<void> => {
    const lines = [
      `listen: "127.0.0.1:${port}"`,
      `ports_file_dir: "${folder}"`,
      `jetstream { store_dir: "${store}" }`,
    ];
    writeFileSync(join(folder, 'nats.conf'), `${lines.join('\n')}\n${configuration}\n`);
    const log = join(folder, 'nats.log');
    child = spawn(PROGRAM, ['-c', join(folder, 'nats.conf'), '-l', log], { stdio: 'ignore' });
    const found = await until(() => portIn(folder, child), {
      describe: () => `nats-server starts; its log says: ${readFileSync(log, 'utf8')}`,
    });
    if (found !== null) port = found;
  };
  const kill = async (): Promise<void> => {
    if (!child) return;
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    for (const name of portFiles(folder)) rmSync(join(folder, name));
    child = null;
  };
  const end = async (): Promise<void> => {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  };
  await start();
  return {
    port,
    url: place => `nats://127.0.0.1:${port}/${place}`,
    store,
    kill,
    restart: start,
    [Symbol.asyncDispose]: end,
  };
}

/** As `startNatsServer`, for one test: it ends with it. */
export async function natsServer(configuration = ''): Promise<NatsServer> {
  const server = await startNatsServer(configuration);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

const portFiles = (folder: string): readonly string[] =>
  readdirSync(folder).filter(name => name.endsWith('.ports'));

/** The port that the server says it listens on, once it does. */
function portIn(folder: string, child: ChildProcess | null): number | null {
  const file = portFiles(folder).find(name => name.includes(`_${child?.pid}.`));
  if (file === undefined) return null;
  const { nats: [url = ''] = [] } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
    nats?: string[];
  };
  return Number(URL.parse(url.replace('nats:', 'http:'))?.port ?? '') || null;
}
