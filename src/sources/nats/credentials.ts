import { open } from 'node:fs/promises';
import { Failure } from '../../core/failure.ts';
import { errorCode, faultOf } from '../../core/file-error.ts';

/** The files that hold what a server asks for. Each is a path; a secret itself is never an argument. */
export interface NatsCredentialFiles {
  /** A `.creds` file: the user's JWT and seed, as `nsc` writes it. */
  readonly creds?: string | undefined;
  /** A file with the seed of an nkey of a user (`SU…`). */
  readonly nkey?: string | undefined;
  /** A file with the token that all clients share. */
  readonly token?: string | undefined;
  /** A file with the name of a user and its password, a line each. */
  readonly password?: string | undefined;
  /** The certificates that vouch for the server (PEM), where the usual ones do not. */
  readonly ca?: string | undefined;
  /** The client's certificate and its key (PEM). */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** The content of the files. */
export interface NatsCredentials {
  readonly user:
    | { readonly type: 'none' }
    | { readonly type: 'creds' | 'nkey'; readonly bytes: Buffer }
    | { readonly type: 'token'; readonly text: string }
    | { readonly type: 'password'; readonly name: string; readonly password: string };
  /** Null where no file of TLS was named. */
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string } | null;
}

/** More than any file of this kind holds. */
const MAX_BYTES = 1024 * 1024;

/**
 * Reads the files. A file with a secret must belong to this user or root, and nobody else may read it. Throws a failure with its
 * remedy; no message holds a part of a secret.
 */
export async function readNatsCredentials(files: NatsCredentialFiles): Promise<NatsCredentials> {
  const users = [files.creds, files.nkey, files.token, files.password].filter(path => path !== undefined);
  if (users.length > 1)
    throw new Failure('more than one file says who connects to NATS', 2, { remedy: 'name one' });
  if ((files.cert === undefined) !== (files.key === undefined))
    throw new Failure('a client’s certificate and its key belong together', 2, {
      remedy: 'name both files, or none',
    });
  return { user: await userIn(files), tls: await tlsIn(files) };
}

async function userIn({
  creds,
  nkey,
  token,
  password,
}: NatsCredentialFiles): Promise<NatsCredentials['user']> {
  if (creds !== undefined) return { type: 'creds', bytes: await readCreds(creds) };
  if (nkey !== undefined) return { type: 'nkey', bytes: await readSeed(nkey) };
  if (password !== undefined) return readPassword(password);
  if (token === undefined) return { type: 'none' };
  const text = (await readSecret(token)).toString('utf8').trim();
  if (text === '') throw unusable(token, 'holds no token');
  return { type: 'token', text };
}

async function readCreds(path: string): Promise<Buffer> {
  const bytes = await readSecret(path);
  const text = bytes.toString('latin1');
  if (/-BEGIN NATS USER JWT-/.test(text) && /-BEGIN USER NKEY SEED-/.test(text)) return bytes;
  throw unusable(path, 'is no file of NATS credentials: it needs a user’s JWT and a seed');
}

/** The first line is the user and the second the password, each as it stands. */
async function readPassword(path: string): Promise<NatsCredentials['user']> {
  const text = (await readSecret(path)).toString('utf8').replace(/\r?\n$/, '');
  const [name = '', password = '', ...more] = text.split(/\r?\n/);
  if (name === '' || password === '' || more.length > 0)
    throw unusable(path, 'does not hold a user and a password, a line each');
  return { type: 'password', name, password };
}

/** A user's seed; lines that begin with `#` and blank lines are passed over. */
async function readSeed(path: string): Promise<Buffer> {
  const lines = (await readSecret(path)).toString('latin1').split(/\r?\n/);
  const [seed = '', ...more] = lines
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'));
  const { fromSeed } = await import('@nats-io/transport-node').then(({ nkeys }) => nkeys);
  const bytes = Buffer.from(seed, 'latin1');
  if (more.length > 0 || !seed.startsWith('SU') || !isSeed(bytes, fromSeed))
    throw unusable(path, 'holds no seed of a user’s nkey (SU…)');
  return bytes;
}

function isSeed(bytes: Buffer, read: (seed: Buffer) => unknown): boolean {
  try {
    read(bytes);
    return true;
  } catch {
    return false; // the library throws an error of its own for every wrong letter
  }
}

async function tlsIn({ ca, cert, key }: NatsCredentialFiles): Promise<NatsCredentials['tls']> {
  if (ca === undefined && cert === undefined) return null;
  return {
    ...(ca === undefined ? {} : { ca: await readText(ca) }),
    ...(cert === undefined ? {} : { cert: await readText(cert) }),
    ...(key === undefined ? {} : { key: (await readSecret(key)).toString('utf8') }),
  };
}

const readText = async (path: string): Promise<string> => (await readBounded(path, false)).toString('utf8');
const readSecret = (path: string): Promise<Buffer> => readBounded(path, true);

/** The rights are asked of the open file, so that no other file can take its place in between. */
async function readBounded(path: string, isSecret: boolean): Promise<Buffer> {
  try {
    await using file = await open(path, 'r');
    const stats = await file.stat();
    if (!stats.isFile() || stats.size > MAX_BYTES) throw unusable(path, 'is no file of credentials');
    if (isSecret && (stats.mode & 0o077) !== 0)
      throw unusable(
        path,
        'holds a secret that other users of this machine can reach',
        `run chmod 600 ${path}`,
      );
    if (isSecret && stats.uid !== 0 && stats.uid !== process.getuid?.())
      throw unusable(path, 'holds a secret and belongs to another user', 'make a copy that is yours');
    return await file.readFile();
  } catch (error) {
    const code = errorCode(error);
    if (code === null) throw error;
    const { why, remedy } = faultOf(code, 'read');
    throw unusable(path, why, remedy);
  }
}

const unusable = (path: string, why: string, remedy = 'name another file'): Failure =>
  new Failure(`${path}: ${why}`, 1, { code: 'failed', remedy });
