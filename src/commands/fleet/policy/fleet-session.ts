import type { NatsConnection } from '@nats-io/transport-node';
import { dirname, join } from 'node:path';
import { Failure, misuse } from '../../../core/failure.ts';
import { errorCode } from '../../../core/file-error.ts';
import type { EditorKey } from '../../../core/fleet/editor-keys.ts';
import { isName } from '../../../core/fleet/names.ts';
import type { PolicyKey } from '../../../core/fleet/policy-value.ts';
import { connectNats, type NatsLink } from '../../../sources/nats/connect.ts';
import type { NatsFlags } from '../../../sources/nats/credential-files.ts';
import { readNatsCredentials } from '../../../sources/nats/credentials.ts';
import { fleetTenant, parseNatsAddress } from '../../../sources/nats/nats-address.ts';
import type { Places } from '../../../systems/system.ts';
import { configPath } from '../../config/config-path.ts';
import { placesOf } from '../../places.ts';
import { natsCredentials } from '../nats-options.ts';
import { type Signer, signerOf } from './cryptography.ts';
import { editorsIn } from './policy-follower.ts';

/** The flags of the verbs on a fleet's policy. */
export interface FleetPolicyFlags extends NatsFlags {
  readonly group?: string;
  readonly machine?: string;
  readonly name?: string;
  readonly system?: string;
  readonly key?: string;
  readonly editors?: string;
  readonly json?: true;
}

/** A fleet's server, reached, and whom this operator trusts. */
export interface FleetSession {
  readonly link: NatsLink;
  readonly connection: NatsConnection;
  readonly tenant: string;
  readonly editors: readonly EditorKey[];
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

/** The policy's usual name: that of its file on the machines. */
export const USUAL_NAME = 'policy.yaml';

/** Connects once: a server that is away is a failure, because nothing can be edited without it. */
export async function openFleet(
  address: string,
  flags: FleetPolicyFlags,
  signer: Signer | null = null,
): Promise<FleetSession> {
  const server = parseNatsAddress(address);
  const tenant = fleetTenant(server);
  const places = placesOf(undefined);
  const editors = await trusted(flags, places, signer);
  const credentials = await natsCredentials(flags, places);
  const link = await connectNats(server, { credentials, name: 'egresstop fleet', isPatient: false });
  return { link, connection: link.connection, tenant, editors, [Symbol.asyncDispose]: () => link.close() };
}

/** Which policy the flags name. */
export function keyOf(tenant: string, { group, machine, name = USUAL_NAME }: FleetPolicyFlags): PolicyKey {
  if ((group === undefined) === (machine === undefined))
    throw misuse('a policy is of a group or of a machine', 'name one of --group and --machine');
  const owner = group ?? machine ?? '';
  for (const each of [owner, name])
    if (!isName(each)) throw misuse(`${JSON.stringify(each)} cannot be a name`);
  return { tenant, scope: group === undefined ? 'machine' : 'group', owner, name };
}

/** The list of editors, where none is named: beside the configuration. */
export function usualEditors(places: Pick<Places, 'home' | 'env'>): string | null {
  const config = configPath(places);
  return config === null ? null : join(dirname(config), 'editors');
}

/** The editors whose values count: those of the list that is named, or of the usual one where it is there, and the operator. */
export async function trusted(
  { editors }: FleetPolicyFlags,
  places: Places,
  signer: Signer | null,
): Promise<readonly EditorKey[]> {
  const path = editors ?? usualEditors(places);
  const own = signer ? [{ key: signer.publicKey, label: 'you' }] : [];
  if (path === null) return own;
  try {
    return [...(await editorsIn(path)), ...own];
  } catch (error) {
    if (editors === undefined && errorCode(error) === 'ENOENT') return own;
    throw error;
  }
}

/** The key that signs: of the file that is named, else the nkey that connects. Its file must be nobody else's to read. */
export async function signerFor({ key, natsNkey }: FleetPolicyFlags): Promise<Signer> {
  const { env } = placesOf(undefined);
  const path = key ?? env['EGRESSTOP_FLEET_KEY'] ?? natsNkey ?? env['EGRESSTOP_NATS_NKEY'];
  if (path === undefined || path === '')
    throw misuse(
      'an edit is signed',
      'name the file of your key with --key, or make one: egresstop fleet key new FILE',
    );
  const { user } = await readNatsCredentials({ nkey: path });
  const signer = user.type === 'nkey' ? signerOf(user.bytes.toString('latin1')) : null;
  if (!signer) throw new Failure(`${path}: holds no seed of a user’s nkey (SU…)`);
  return signer;
}
