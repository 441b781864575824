import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createAuthority, type Identity, isPair, RENEW_DAYS, validUntil } from './authority.ts';

/** The local certificate authority and where its certificate stands, for `NODE_EXTRA_CA_CERTS` and the like. */
export interface LocalAuthority {
  readonly identity: Identity;
  readonly certificatePath: string;
}

const CERTIFICATE = 'ca.pem';
const KEY = 'ca-key.pem';
const DAY_MS = 86_400_000;

export const certificatePath = (folder: string): string => join(folder, CERTIFICATE);

/** Opens the authority in a folder, making one on first use and when little of its life is left. The folder becomes 0700, the key 0600. */
export async function openAuthority(folder: string, now: number): Promise<LocalAuthority> {
  const found = await readAuthority(folder);
  if (found && isPair(found) && validUntil(found.certificate) - now > RENEW_DAYS * DAY_MS)
    return { identity: found, certificatePath: certificatePath(folder) };
  return rotateAuthority(folder, now);
}

/** Replaces the authority by a new one. Programs that trust the old one must be started again. */
export async function rotateAuthority(folder: string, now: number): Promise<LocalAuthority> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const identity = await createAuthority(now);
  await replace(join(folder, KEY), identity.key, 0o600);
  await replace(certificatePath(folder), identity.certificate, 0o644);
  return { identity, certificatePath: certificatePath(folder) };
}

async function readAuthority(folder: string): Promise<Identity | null> {
  try {
    const [certificate, key] = await Promise.all([
      readFile(certificatePath(folder), 'utf8'),
      readFile(join(folder, KEY), 'utf8'),
    ]);
    return { certificate, key };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Whole or not at all: written beside, then renamed over. */
async function replace(path: string, content: string, mode: number): Promise<void> {
  const beside = `${path}.${process.pid}.new`;
  await rm(beside, { force: true });
  const file = await open(beside, 'wx', mode);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
}
