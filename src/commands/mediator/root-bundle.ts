import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { UsualTrust } from './usual-trust.ts';

/** The roots of one program in its own files, so that they do not depend on other programs' flags. */
export interface RootBundle {
  /** The path of the added roots, for variables that add to a program's roots. */
  readonly added: string;
  /** The path of the added and the usual roots, for variables that replace a program's roots. */
  readonly whole: string;
  /** The path of a Wget configuration: the user's own, with `whole` added. Wget takes its roots only from there. */
  readonly wgetrc: string;
}

/** A bundle in a temporary folder, which is removed when its program ends. */
export interface TemporaryBundle extends RootBundle {
  /** Adds roots. Processes that the program starts later read them. */
  readonly add: (roots: readonly string[]) => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** Writes the usual roots and further ones into a new temporary folder. */
export async function writeTemporaryBundle(
  roots: readonly string[],
  usual: UsualTrust,
): Promise<TemporaryBundle> {
  const folder = await mkdtemp(join(tmpdir(), 'egresstop-run-'));
  const known = new Set(roots);
  const bundle = await writeRootBundle(folder, [...known], usual);
  const add = async (more: readonly string[]): Promise<void> => {
    for (const root of more) known.add(root);
    await writeRootBundle(folder, [...known], usual);
  };
  return { ...bundle, add, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Writes the usual roots and further ones into a folder, replacing its files. */
export async function writeRootBundle(
  folder: string,
  roots: readonly string[],
  usual: UsualTrust,
): Promise<RootBundle> {
  const added = join(folder, 'added.pem');
  const whole = join(folder, 'bundle.pem');
  const wgetrc = join(folder, 'wgetrc');
  const more = [...usual.extra, ...roots];
  await Promise.all([
    replace(added, joined(more)),
    replace(whole, joined([...more, ...usual.roots])),
    replace(wgetrc, `${usual.wgetrc}\nca_certificate = ${whole}\n`),
  ]);
  return { added, whole, wgetrc };
}

const joined = (roots: readonly string[]): string =>
  [...new Set(roots)].map(pem => `${pem.trim()}\n`).join('');

/** Replaces a file atomically, because programs may read it at any moment. */
async function replace(path: string, text: string): Promise<void> {
  const beside = `${path}.${process.pid}.new`;
  await writeFile(beside, text, { mode: 0o600 });
  await rename(beside, path);
}
