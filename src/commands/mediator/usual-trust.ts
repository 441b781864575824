import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates } from 'node:tls';
import { Failure } from '../../core/failure.ts';

/** The roots that a program trusts without egresstop. */
export interface UsualTrust {
  /** PEM texts: those of `SSL_CERT_FILE` if set, else the system's and Node's. */
  readonly roots: readonly string[];
  /** PEM texts of `NODE_EXTRA_CA_CERTS`, which egresstop will replace. */
  readonly extra: readonly string[];
  /** The text of the user's Wget configuration, where Wget finds its roots. */
  readonly wgetrc: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the roots in this environment. Throws if `SSL_CERT_FILE` cannot be read. */
export async function usualTrust(env: Environment): Promise<UsualTrust> {
  const named = env['SSL_CERT_FILE'];
  return {
    roots: named ? [await rootsIn(named)] : [...getCACertificates('system'), ...getCACertificates('bundled')],
    extra: getCACertificates('extra'),
    wgetrc: await ownWgetrc(env),
  };
}

/** The text of the user's Wget configuration; empty without one. */
async function ownWgetrc(env: Environment): Promise<string> {
  try {
    return await readFile(env['WGETRC'] ?? join(homedir(), '.wgetrc'), 'utf8');
  } catch {
    return '';
  }
}

async function rootsIn(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new Failure(`SSL_CERT_FILE ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
