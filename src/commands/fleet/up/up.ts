import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { nameOfToken } from '../../../core/fleet/counters/token.ts';
import { isName } from '../../../core/fleet/names.ts';
import type { Role } from '../../../core/fleet/roles.ts';
import { Failure, misuse } from '../../../core/failure.ts';
import { shellQuoted } from '../../../core/text/shell-quoted.ts';
import { connectNats } from '../../../sources/nats/connect.ts';
import { readNatsCredentials } from '../../../sources/nats/credentials.ts';
import { makeFleetStreams } from '../../../sources/nats/fleet-streams.ts';
import type { NatsAddress } from '../../../sources/nats/nats-address.ts';
import { shownAddress } from '../../../sources/nats/nats-address.ts';
import { versionWarning } from '../../../sources/nats/server-version.ts';
import { note, Output } from '../../output.ts';
import { ownJournal } from '../../places.ts';
import { natsServerProgram, startLocalServer } from './local-server.ts';
import { serverConfiguration } from './server-configuration.ts';
import { seededUsers, type SeededUser } from './user-seeds.ts';

/** The flags of `fleet up`, as the command line gives them. */
export interface UpOptions {
  readonly dir?: string;
  readonly port?: string;
  readonly tenant?: string;
  readonly machine?: readonly string[];
  readonly group?: string;
}

const USUAL_PORT = 4222;

/** Runs a local server for a fleet until Ctrl-C, and prints the lines to paste. Exit 1 where the server ends by itself. */
export async function up(options: UpOptions): Promise<number> {
  const { tenant = 'acme', group = 'all' } = options;
  const port = portOf(options.port);
  const folder = resolve(options.dir ?? join(dirname(ownJournal()), 'fleet'));
  const program = await natsServerProgram(process.env['PATH']);
  const machines = await machinesOf(folder, options.machine);
  for (const name of [tenant, group, ...machines])
    if (!isName(name)) throw misuse(`${name} is no name of a tenant, group or machine`);
  const roles: readonly Role[] = [
    { type: 'admin' },
    { type: 'viewer' },
    { type: 'editor' },
    ...machines.map(machine => ({ type: 'machine', machine, group }) as const),
  ];
  const users = await seededUsers(folder, roles);
  const store = join(folder, 'store');
  await mkdir(store, { recursive: true, mode: 0o700 });
  const [configuration, log] = [join(folder, 'nats-server.conf'), join(folder, 'nats-server.log')];
  await writeFile(configuration, serverConfiguration({ port, store, tenant, users }), { mode: 0o600 });
  const server = await startLocalServer({ program, configuration, log, port });
  const ending = untilTold();
  try {
    const address: NatsAddress = {
      scheme: 'nats',
      host: '127.0.0.1',
      port,
      place: { type: 'fleet', tenant },
    };
    const version = await prepare(address, users);
    const output = new Output();
    await output.text(linesToPaste({ address, users, folder, version, group }));
    await output.flush();
    if ((await Promise.race([ending, server.ended.then(() => 'ended' as const)])) === 'told') return 0;
    throw new Failure('nats-server ended by itself', 1, { remedy: `look into ${log}` });
  } finally {
    await server.stop();
  }
}

function portOf(text: string | undefined): number {
  const port = text === undefined ? USUAL_PORT : Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw misuse(`--port wants a number from 1 to 65535`);
  return port;
}

/** The machines that are named, and those that the folder has seeds of; this one where there are none. */
async function machinesOf(folder: string, named: readonly string[] = []): Promise<readonly string[]> {
  const files = await readdir(folder).catch(() => []); // the folder is made later
  const known = files.flatMap(file => {
    const [, token = ''] = /^machine-(.+)\.nk$/.exec(file) ?? [];
    return nameOfToken(token) || [];
  });
  const all = [...new Set([...named, ...known])];
  return all.length > 0 ? all : [hostname()];
}

function untilTold(): Promise<'told'> {
  return new Promise(resolve => {
    process.once('SIGINT', () => resolve('told'));
    process.once('SIGTERM', () => resolve('told'));
  });
}

/** Makes the streams, and returns the version of the server. */
async function prepare(address: NatsAddress, users: readonly SeededUser[]): Promise<string> {
  const admin = users.find(({ role }) => role.type === 'admin');
  const credentials = await readNatsCredentials({ nkey: admin?.seedFile });
  const link = await connectNats(address, { credentials, name: 'egresstop fleet up', isPatient: false });
  try {
    await makeFleetStreams(link.connection);
    return link.version();
  } finally {
    await link.close();
  }
}

interface Started {
  readonly group: string;
  readonly address: NatsAddress;
  readonly users: readonly SeededUser[];
  readonly folder: string;
  readonly version: string;
}

function linesToPaste({ address, users, folder, version, group }: Started): string {
  const url = shownAddress(address);
  const seedOf = (type: Role['type']): string =>
    shellQuoted(users.find(({ role }) => role.type === type)?.seedFile ?? '');
  const editor = users.find(({ role }) => role.type === 'editor');
  const ship = users.flatMap(({ role, seedFile }) =>
    role.type === 'machine'
      ? [
          `  egresstop ship ${shellQuoted(url)} --machine ${shellQuoted(role.machine)} --nats-nkey ${shellQuoted(seedFile)} SOURCE`,
        ]
      : [],
  );
  const warning = versionWarning(version);
  if (warning !== null) note(`${warning}. This one listens on loopback alone`);
  return [
    `nats-server ${version} is up; its files are in ${folder}. Ctrl-C ends it, and what it stored stays.`,
    '',
    'Each machine ships what its mediators rule:',
    ...ship,
    `To let editors write its policy, add: --policy FILE --group ${shellQuoted(group)} --editors FILE`,
    'People watch all machines:',
    `  egresstop ${shellQuoted(url)} --nats-nkey ${seedOf('viewer')}`,
    'Editors also write policies:',
    `  egresstop ${shellQuoted(url)} --nats-nkey ${seedOf('editor')}`,
    `The public key of the editor, for the machines to trust: ${editor?.publicKey ?? ''}`,
    '',
  ].join('\n');
}
