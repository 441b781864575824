import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates } from 'node:tls';
import { Failure } from '../../core/failure.ts';

/** The roots that a program trusts without egresstop. */
export interface UsualTrust {
  /** PEM texts: those of `SSL_CERT_FILE` where set, else the system's and Node's. */
  readonly roots: readonly string[];
  /** Those of `NODE_EXTRA_CA_CERTS`, which is about to be set anew. */
  readonly extra: readonly string[];
  /** The start-up file that Wget would have read; it takes its roots from there. */
  readonly wgetrc: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The roots that a program trusts in this environment. Throws where `SSL_CERT_FILE` cannot be read. */
export async function usualTrust(env: Environment): Promise<UsualTrust> {
  const named = env['SSL_CERT_FILE'];
  return {
    roots: named ? [await rootsIn(named)] : [...getCACertificates('system'), ...getCACertificates('bundled')],
    extra: getCACertificates('extra'),
    wgetrc: await ownWgetrc(env),
  };
}

/** The start-up file that Wget would have read; none is as good as an empty one. */
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
