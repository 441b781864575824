import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describeProblem } from '../../core/problem.ts';
import { holdFile } from '../../policy-file/writing/lock.ts';
import { createAuthority, type Identity, isPair, validUntil } from './authority.ts';

/** The local certificate authority and where its certificates stand, for `NODE_EXTRA_CA_CERTS` and the like. */
export interface LocalAuthority {
  /** The one that signs now: the oldest that has time left. */
  readonly identity: Identity;
  /** The certificates that programs must trust, PEM: its certificate and, once its end is near, its successor's. */
  readonly certificates: string;
  readonly certificatePath: string;
}

const CERTIFICATES = 'ca.pem';
const KEYS = 'ca-key.pem';
const HOUR_MS = 3_600_000;
/** A successor is made this long before the end. Programs started since then trust both and survive the change. */
const SUCCESSION_MS = 10 * 24 * HOUR_MS;
/** An authority with less time left signs no more: its leaves would end during a connection. */
const LAST_MS = 2 * HOUR_MS;

const certificatesIn = (folder: string): string => join(folder, CERTIFICATES);

/** Opens the authority in a folder, making one on first use, and its successor in time. The folder becomes 0700, the keys 0600. */
export async function openAuthority(folder: string, now: number): Promise<LocalAuthority> {
  const found = await readIdentities(folder);
  return isCurrent(found, now) ? authorityOf(folder, found) : held(folder, () => renewed(folder, now));
}

/** Whether nothing is to be made or taken out. */
const isCurrent = (found: readonly Identity[], now: number): boolean =>
  found.length > 0 &&
  found.every(({ certificate }) => validUntil(certificate) - now > LAST_MS) &&
  isSucceeded(found, now);

const isSucceeded = (alive: readonly Identity[], now: number): boolean => {
  const newest = alive.at(-1);
  return newest !== undefined && validUntil(newest.certificate) - now > SUCCESSION_MS;
};

/** Reads the folder again, since another mediator may have made an authority meanwhile. */
async function renewed(folder: string, now: number): Promise<LocalAuthority> {
  const found = await readIdentities(folder);
  const alive = found.filter(({ certificate }) => validUntil(certificate) - now > LAST_MS);
  if (!isSucceeded(alive, now)) return write(folder, [...alive, await createAuthority(now)]);
  return alive.length < found.length ? write(folder, alive) : authorityOf(folder, alive);
}

/** The authority in a folder, however old; null where there is none. Nothing is made or replaced. */
export async function readAuthority(folder: string): Promise<LocalAuthority | null> {
  const found = await readIdentities(folder);
  return found.length > 0 ? authorityOf(folder, found) : null;
}

/** Replaces the authority by a new one. Programs that trust the old one must be started again. */
export const rotateAuthority = (folder: string, now: number): Promise<LocalAuthority> =>
  held(folder, async () => write(folder, [await createAuthority(now)]));

/**
 * Runs `act` while no other process writes this folder. Of two mediators that start in one moment, the second finds the authority that
 * the first one made. Without the lock one of them would sign with a key that nobody trusts.
 */
async function held(folder: string, act: () => Promise<LocalAuthority>): Promise<LocalAuthority> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const result = await holdFile(folder, act);
  if ('type' in result) throw new Error(describeProblem(result.problem));
  return result;
}

function authorityOf(folder: string, identities: readonly Identity[]): LocalAuthority {
  const [identity] = identities;
  if (!identity) throw new Error(`no authority in ${folder}`);
  const certificates = identities.map(({ certificate }) => certificate).join('');
  return { identity, certificates, certificatePath: certificatesIn(folder) };
}

/** Keys first: a crash between the two leaves keys without certificates, which are ignored. */
async function write(folder: string, identities: readonly Identity[]): Promise<LocalAuthority> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  await replace(join(folder, KEYS), identities.map(({ key }) => key).join(''), 0o600);
  await replace(certificatesIn(folder), identities.map(({ certificate }) => certificate).join(''), 0o644);
  return authorityOf(folder, identities);
}

/** Certificates with their keys, oldest first; one whose key is not there is none. */
async function readIdentities(folder: string): Promise<readonly Identity[]> {
  const [certificates, keys] = await Promise.all([
    blocksIn(certificatesIn(folder)),
    blocksIn(join(folder, KEYS)),
  ]);
  return certificates.flatMap(certificate => {
    const key = keys.find(each => isPair({ certificate, key: each }));
    return key === undefined ? [] : [{ certificate, key }];
  });
}

const BLOCK = /-----BEGIN ([A-Z ]+)-----[^-]+-----END \1-----\n/g;

async function blocksIn(path: string): Promise<readonly string[]> {
  try {
    return (await readFile(path, 'utf8')).match(BLOCK) ?? [];
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
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
