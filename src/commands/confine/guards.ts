import { accessSync, constants, readdirSync, statSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { aliasesOf, isWithin } from './mount-table.ts';
import { foldersAbove, walkPath } from './walk-path.ts';

/** The files of a mediator that restricts an agent (policy, logs, keys), as absolute paths. The agent must not change them. */
export interface MediatorFiles {
  readonly policy: string;
  readonly audit: string;
  readonly socket: string;
  readonly journal: string;
  /** The folder of the certificate authority. */
  readonly authority: string;
}

/** A folder that the program sees as empty or read-only. */
export interface Guard {
  readonly folder: string;
  readonly how: 'hidden' | 'read-only';
  /** Files in a hidden folder that are visible but read-only. */
  readonly shown: readonly string[];
}

/**
 * The guarded folders, and the folders above them. The program must not rename the latter, because a renamed folder would bypass its guard.
 */
export interface GuardPlan {
  readonly guards: readonly Guard[];
  readonly pins: readonly string[];
}

/** The program's surroundings, which limit the guards. */
export interface Surroundings {
  /** Folders that no guard may cover: the working folder, the home, the folders of temporary files. */
  readonly busy: readonly string[];
  /** The content of `/proc/self/mountinfo`. */
  readonly mountinfo: string;
  readonly user: number;
}

/**
 * The mounts that keep a program away from the files of its mediators. Whole folders are guarded, because a file that is replaced by a rename loses its
 * mount. Throws a Failure if a file is in a folder that the program works in, or has a second hard link.
 */
export function guardFiles(mediators: readonly MediatorFiles[], surroundings: Surroundings): GuardPlan {
  for (const { policy, audit, authority } of mediators)
    for (const path of [policy, audit, ...filesIn(authority)]) requireOneName(path);
  const policies = mediators.map(({ policy }) => walkPath(policy));
  const secrets = mediators.flatMap(({ audit, journal, socket }) => [audit, journal, socket].map(walkPath));
  const authorities = mediators.map(({ authority }) => walkPath(authority));
  // A replaced symbolic link on the way to them would lead the next mediator to other files.
  const linkFolders = [...policies, ...secrets, ...authorities]
    .flatMap(path => path.linkFolders)
    .filter(folder => isModifiable(folder, surroundings.user));
  const realPolicies = policies.map(({ real }) => real);
  const readOnly = [...realPolicies.map(path => dirname(path)), ...linkFolders];
  const hidden = [...secrets.map(({ real }) => dirname(real)), ...authorities.map(({ real }) => real)];
  const wanted = [
    ...hidden.map(folder => ({ folder, how: 'hidden' as const })),
    ...readOnly.map(folder => ({ folder, how: 'read-only' as const })),
  ].filter(({ folder }) => existing(folder)?.isDirectory());
  for (const { folder } of wanted) requireFree(folder, surroundings.busy);
  const everywhere = wanted.flatMap(({ folder, how }) =>
    [folder, ...sameFolders(folder, surroundings.mountinfo)].map(path => ({ folder: path, how })),
  );
  const guards = outermost(everywhere).map(guard => ({ ...guard, shown: shownIn(guard, realPolicies) }));
  return { guards, pins: pinsOf(guards, surroundings.user) };
}

type Wish = Omit<Guard, 'shown'>;

/** The folders without duplicates. Folders below a hidden one are left out, because that one covers them. */
function outermost(wishes: readonly Wish[]): readonly Wish[] {
  const hidden = wishes.filter(({ how }) => how === 'hidden').map(({ folder }) => folder);
  const byFolder = new Map<string, Wish>();
  for (const wish of wishes) {
    const above = hidden.some(folder => folder !== wish.folder && isWithin(folder, wish.folder));
    if (above || (wish.how === 'read-only' && hidden.includes(wish.folder))) continue;
    byFolder.set(wish.folder, wish);
  }
  return [...byFolder.values()].sort((one, other) => one.folder.length - other.folder.length);
}

const shownIn = ({ folder, how }: Wish, policies: readonly string[]): readonly string[] =>
  how === 'hidden'
    ? [...new Set(policies)].filter(policy => isWithin(folder, policy) && existing(policy)?.isFile())
    : [];

function pinsOf(guards: readonly Guard[], user: number): readonly string[] {
  const guarded = guards.map(({ folder }) => folder);
  const pins = new Set(guarded.flatMap(foldersAbove));
  return [...pins]
    .filter(folder => !guarded.some(each => isWithin(each, folder)))
    .filter(folder => isModifiable(dirname(folder), user))
    .sort((one, other) => one.length - other.length);
}

/** Whether the user can rename the content of a folder, or make it writable as its owner. */
function isModifiable(folder: string, user: number): boolean {
  const stats = existing(folder);
  if (!stats || user === 0 || stats.uid === user) return true;
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false; // not writable
  }
}

function sameFolders(folder: string, mountinfo: string): readonly string[] {
  const own = existing(folder);
  return aliasesOf(mountinfo, folder).filter(path => {
    const other = existing(path);
    return own && other && own.ino === other.ino && own.dev === other.dev;
  });
}

function requireFree(folder: string, busy: readonly string[]): void {
  const inside = busy.find(path => isWithin(folder, path));
  if (inside === undefined) return;
  throw new Failure(
    `--confine cannot guard ${folder}: ${inside === folder ? 'it' : inside}, where the program works, would be guarded with it. Keep policy, audit log and authority in folders of their own, as ~/.config/egresstop`,
  );
}

/** Throws a Failure if a file has several hard links, because the others are outside the guarded folder. */
function requireOneName(path: string): void {
  const stats = existing(path);
  if (!stats?.isFile() || stats.nlink === 1) return;
  throw new Failure(`--confine cannot guard ${path}: it has a second name (a hard link); remove that first`);
}

function filesIn(folder: string): readonly string[] {
  return existing(folder)?.isDirectory() ? readdirSync(folder).map(name => join(folder, name)) : [];
}

const existing = (path: string): Stats | undefined => {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // unreadable, so this user cannot change it either
  }
};
