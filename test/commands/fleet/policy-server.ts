import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { signerOf, type Signer } from '../../../src/commands/fleet/policy/cryptography.ts';
import { serverConfiguration } from '../../../src/commands/fleet/up/server-configuration.ts';
import { type NatsLink, connectNats } from '../../../src/sources/nats/connect.ts';
import { readNatsCredentials } from '../../../src/sources/nats/credentials.ts';
import { parseNatsAddress } from '../../../src/sources/nats/nats-address.ts';
import { makeFleetStreams } from '../../../src/sources/nats/fleet-streams.ts';
import { scratchFolder } from '../../policy-file/scratch.ts';
import { type NatsServer, natsServer, type NkeyUser, nkeyUser } from '../../sources/nats/nats-server.ts';

/** A server with a user for each role, and the streams of policies. */
export interface PolicyServer {
  readonly server: NatsServer;
  readonly folder: string;
  readonly users: Readonly<Record<'admin' | 'editor' | 'viewer' | 'm1' | 'm2', NkeyUser>>;
  readonly connect: (user: keyof PolicyServer['users']) => Promise<NatsLink>;
}

/** The roles that the users have, with the rights that the manual gives them. */
const configuration = (users: PolicyServer['users']): string =>
  serverConfiguration({
    port: 0,
    store: '',
    tenant: 'acme',
    users: [
      { publicKey: users.admin.publicKey, role: { type: 'admin' } },
      { publicKey: users.editor.publicKey, role: { type: 'editor' } },
      { publicKey: users.viewer.publicKey, role: { type: 'viewer' } },
      { publicKey: users.m1.publicKey, role: { type: 'machine', machine: 'm1', group: 'web' } },
      { publicKey: users.m2.publicKey, role: { type: 'machine', machine: 'm2', group: 'web' } },
    ],
  }).replace(/^(?:listen|jetstream).*\n/gm, ''); // the server of the tests has its own

/** Starts the server for one test. */
export async function policyServer(): Promise<PolicyServer> {
  const folder = await scratchFolder();
  const user = (name: string): NkeyUser => nkeyUser(folder, name);
  const users = {
    admin: user('admin'),
    editor: user('editor'),
    viewer: user('viewer'),
    m1: user('m1'),
    m2: user('m2'),
  };
  const server = await natsServer(configuration(users));
  const connect = async (name: keyof PolicyServer['users']): Promise<NatsLink> => {
    const link = await connectNats(parseNatsAddress(server.url('acme')), {
      credentials: await readNatsCredentials({ nkey: users[name].seedFile }),
      name: 'a test',
      isPatient: false,
      ...(name === 'm1' || name === 'm2' ? { inboxPrefix: `_IN_${name}` } : {}),
      backOff: { firstMs: 20, lastMs: 100 },
    });
    onTestFinished(() => link.close());
    return link;
  };
  await makeFleetStreams((await connect('admin')).connection);
  return { server, folder, users, connect };
}

/** The editor who holds a user's seed. */
export function signerIn({ seedFile }: NkeyUser): Signer {
  const signer = signerOf(readFileSync(seedFile, 'utf8'));
  if (!signer) throw new Error(`no seed in ${join(seedFile)}`);
  return signer;
}
