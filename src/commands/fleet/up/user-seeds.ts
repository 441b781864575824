import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tokenOf } from '../../../core/fleet/counters/token.ts';
import type { Role } from '../../../core/fleet/roles.ts';
import { errorCode } from '../../../core/file-error.ts';
import { Failure } from '../../../core/failure.ts';
import type { FleetUser } from './server-configuration.ts';

/** A user, and the file with its seed, which nobody else may read. */
export interface SeededUser extends FleetUser {
  readonly seedFile: string;
}

/** The users of these roles: with the seeds that the folder holds, and new ones for the others. */
export async function seededUsers(folder: string, roles: readonly Role[]): Promise<readonly SeededUser[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return Promise.all(roles.map(role => seededUser(join(folder, `${nameOf(role)}.nk`), role)));
}

const nameOf = (role: Role): string =>
  role.type === 'machine' ? `machine-${tokenOf(role.machine)}` : role.type;

async function seededUser(seedFile: string, role: Role): Promise<SeededUser> {
  const { nkeys } = await import('@nats-io/transport-node');
  const known = await readFile(seedFile).catch((error: unknown) => {
    if (errorCode(error) !== 'ENOENT') throw error;
    return null;
  });
  try {
    const pair = known === null ? nkeys.createUser() : nkeys.fromSeed(Buffer.from(known.toString().trim()));
    if (known === null) await writeFile(seedFile, pair.getSeed(), { mode: 0o600, flag: 'wx' });
    return { seedFile, role, publicKey: pair.getPublicKey() };
  } catch (error) {
    if (!(error instanceof nkeys.NKeysError)) throw error;
    throw new Failure(`${seedFile}: holds no seed`, 1, { remedy: 'remove the file, and a new one is made' });
  }
}
