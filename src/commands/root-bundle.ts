import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates } from 'node:tls';
import { Failure } from './failure.ts';

/** The roots of one program, in a file of its own: another program's flags must not change what this one trusts. */
export interface RootBundle {
  readonly path: string;
  readonly remove: () => Promise<void>;
}

/** Joins the roots that the program had (those of `SSL_CERT_FILE` where set, else the system's and Node's) with those to add. */
export async function writeRootBundle(
  added: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<RootBundle> {
  const own = env['SSL_CERT_FILE'];
  const roots = own
    ? [await rootsIn(own)]
    : [...getCACertificates('system'), ...getCACertificates('bundled'), ...getCACertificates('extra')];
  const folder = await mkdtemp(join(tmpdir(), 'egresstop-run-'));
  const path = join(folder, 'bundle.pem');
  await writeFile(path, [...new Set([...added, ...roots])].map(pem => `${pem.trim()}\n`).join(''), {
    mode: 0o600,
  });
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}

async function rootsIn(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new Failure(`SSL_CERT_FILE ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
