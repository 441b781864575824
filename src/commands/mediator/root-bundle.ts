import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates } from 'node:tls';
import { Failure } from '../../core/failure.ts';

/** The roots of one program, in files of its own: another program's flags must not change what this one trusts. */
export interface RootBundle {
  /** The added roots alone, for variables that add to a program's own. */
  readonly added: string;
  /** The added and the usual roots, for variables that replace a program's own. */
  readonly whole: string;
  /** For Wget, which takes its roots from its start-up file alone: the user's own, and `whole`. */
  readonly wgetrc: string;
  /** Adds roots that are to be trusted beside those so far: what the program starts from now on reads them. */
  readonly add: (roots: readonly string[]) => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** Joins the roots that the program had (those of `SSL_CERT_FILE` where set, else the system's and Node's) with those to add. */
export async function writeRootBundle(
  roots: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<RootBundle> {
  const named = env['SSL_CERT_FILE'];
  const usual = named
    ? [await rootsIn(named)]
    : [...getCACertificates('system'), ...getCACertificates('bundled')];
  const folder = await mkdtemp(join(tmpdir(), 'egresstop-run-'));
  const [added, whole] = [join(folder, 'added.pem'), join(folder, 'bundle.pem')];
  // Those of NODE_EXTRA_CA_CERTS, which is about to be set anew.
  const known = new Set(getCACertificates('extra'));
  const add = async (more: readonly string[]): Promise<void> => {
    for (const root of more) known.add(root);
    await Promise.all([replace(added, [...known]), replace(whole, [...known, ...usual])]);
  };
  await add(roots);
  const wgetrc = join(folder, 'wgetrc');
  await writeFile(wgetrc, `${await ownWgetrc(env)}\nca_certificate = ${whole}\n`, { mode: 0o600 });
  return { added, whole, wgetrc, add, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Whole or not at all: programs read it at any moment. */
async function replace(path: string, roots: readonly string[]): Promise<void> {
  const text = [...new Set(roots)].map(pem => `${pem.trim()}\n`).join('');
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

/** What Wget would have read; none is as good as an empty one. */
async function ownWgetrc(env: Readonly<Record<string, string | undefined>>): Promise<string> {
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
