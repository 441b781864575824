import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { UsualTrust } from './usual-trust.ts';

/** The roots of one program, in files of its own: another program's flags must not change what this one trusts. */
export interface RootBundle {
  /** The added roots alone, for variables that add to a program's own. */
  readonly added: string;
  /** The added and the usual roots, for variables that replace a program's own. */
  readonly whole: string;
  /** For Wget, which takes its roots from its start-up file alone: the user's own, and `whole`. */
  readonly wgetrc: string;
}

/** A bundle in a folder of its own, which lasts as long as its program. */
export interface TemporaryBundle extends RootBundle {
  /** Adds roots that are to be trusted beside those so far: what the program starts from now on reads them. */
  readonly add: (roots: readonly string[]) => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** Joins what the program trusted with roots to add, in a new folder. */
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

/** Joins what the program trusted with roots to add, in files of the folder. Replaces what stood there. */
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

/** Whole or not at all: programs read it at any moment. */
async function replace(path: string, text: string): Promise<void> {
  const beside = `${path}.${process.pid}.new`;
  await writeFile(beside, text, { mode: 0o600 });
  await rename(beside, path);
}
