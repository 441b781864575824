import { tokenOf } from '../../../core/fleet/counters/token.ts';
import { rightsOf, type Role } from '../../../core/fleet/roles.ts';

/** A user that the server lets in by its nkey. */
export interface FleetUser {
  readonly publicKey: string;
  readonly role: Role;
}

export interface ServerConfiguration {
  readonly port: number;
  /** A folder. */
  readonly store: string;
  readonly tenant: string;
  readonly users: readonly FleetUser[];
}

/** The text of a nats-server configuration: JetStream on loopback, and one account for the tenant. */
export function serverConfiguration({ port, store, tenant, users }: ServerConfiguration): string {
  const lines = users.map(user => `    ${userBlock(user, tenant)}`);
  return [
    `listen: "127.0.0.1:${port}"`,
    `jetstream { store_dir: ${JSON.stringify(store)} }`,
    'accounts {',
    `  ${JSON.stringify(`T-${tokenOf(tenant)}`)}: { jetstream: enabled, users: [`,
    ...lines,
    '  ] }',
    '}',
    '',
  ].join('\n');
}

function userBlock({ publicKey, role }: FleetUser, tenant: string): string {
  const rights = rightsOf(role, tenant);
  if (rights === null) return `{ nkey: ${publicKey} }`;
  const [publish, subscribe] = [rights.publish, rights.subscribe].map(list => JSON.stringify(list));
  return `{ nkey: ${publicKey}, permissions: { publish: ${publish}, subscribe: ${subscribe} } }`;
}
