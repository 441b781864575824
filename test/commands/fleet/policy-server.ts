import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { tokenOf } from '../../../src/core/fleet/counters/token.ts';
import { signerOf, type Signer } from '../../../src/commands/fleet/policy/cryptography.ts';
import { type NatsLink, connectNats } from '../../../src/sources/nats/connect.ts';
import { readNatsCredentials } from '../../../src/sources/nats/credentials.ts';
import { parseNatsAddress } from '../../../src/sources/nats/nats-address.ts';
import { makePolicyStreams } from '../../../src/sources/nats/policy-streams.ts';
import { scratchFolder } from '../../policy-file/scratch.ts';
import { type NatsServer, natsServer, type NkeyUser, nkeyUser } from '../../sources/nats/nats-server.ts';

/** A server with a user for each role, and the streams of policies. */
export interface PolicyServer {
  readonly server: NatsServer;
  readonly folder: string;
  readonly users: Readonly<Record<'admin' | 'editor' | 'viewer' | 'm1' | 'm2', NkeyUser>>;
  readonly connect: (user: keyof PolicyServer['users']) => Promise<NatsLink>;
}

/** What each role may do, as the manual has it. */
function configuration(users: PolicyServer['users']): string {
  const list = (subjects: readonly string[]): string => `[${subjects.map(each => `"${each}"`).join(', ')}]`;
  const block = ({ publicKey }: NkeyUser, publish: readonly string[], subscribe: readonly string[]): string =>
    `{ nkey: ${publicKey}, permissions: { publish: ${list(publish)}, subscribe: ${list(subscribe)} } }`;
  const reading = [
    '$JS.API.INFO',
    '$JS.API.STREAM.INFO.*',
    '$JS.API.CONSUMER.*.>',
    '$JS.API.CONSUMER.CREATE.*',
    '$JS.API.DIRECT.GET.>',
  ];
  const machine = (name: 'm1' | 'm2'): string =>
    block(
      users[name],
      [
        `egress.sum.acme.${name}.>`,
        `egress.ack.acme.${name}`,
        `$JS.API.DIRECT.GET.EGRESS_SUM.egress.sum.acme.${name}.>`,
        `$JS.API.DIRECT.GET.KV_egress_policy.$KV.egress_policy.acme.m.${name}.>`,
        '$JS.API.DIRECT.GET.KV_egress_policy.$KV.egress_policy.acme.g.web.>',
      ],
      [`_IN_${tokenOf(name)}.>`, `$KV.egress_policy.acme.m.${name}.>`, '$KV.egress_policy.acme.g.web.>'],
    );
  return `accounts { A { jetstream: enabled, users: [
    { nkey: ${users.admin.publicKey} },
    ${block(users.editor, [...reading, '$KV.egress_policy.acme.>'], ['_INBOX.>'])},
    ${block(users.viewer, reading, ['_INBOX.>'])},
    ${machine('m1')},
    ${machine('m2')}
  ] } }`;
}

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
  await makePolicyStreams((await connect('admin')).connection);
  return { server, folder, users, connect };
}

/** The editor who holds a user's seed. */
export function signerIn({ seedFile }: NkeyUser): Signer {
  const signer = signerOf(readFileSync(seedFile, 'utf8'));
  if (!signer) throw new Error(`no seed in ${join(seedFile)}`);
  return signer;
}
