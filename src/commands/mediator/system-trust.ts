import { execFile } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { chmod, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { visible } from '../../core/visible.ts';
import {
  openAuthority,
  readAuthority,
  type LocalAuthority,
} from '../../mediator/certificates/authority-files.ts';
import { validUntil } from '../../mediator/certificates/authority.ts';
import { authorityFolder } from './authority-folder.ts';
import { quoteForSh } from './shell-syntax.ts';
import { findTrustStore, type TrustStore } from './trust-store.ts';

/** The system whose trust store is changed, and the user. */
export interface TrustingSystem {
  /** The folder for all its paths: `/` except in tests. */
  readonly root: string;
  readonly isRoot: boolean;
  /** Whether another user became root by sudo. */
  readonly isSudo: boolean;
  /** The command that starts egresstop. */
  readonly egresstop: readonly string[];
  readonly now: number;
}

/** The flags of `ca install` and `ca uninstall`. */
interface TrustFlags {
  readonly yes?: boolean;
  readonly caDir?: string;
}

type FolderStore = Extract<TrustStore, { readonly type: 'folder' }>;

/** The system of this process. */
export const thisSystem = (): TrustingSystem => ({
  root: '/',
  isRoot: process.getuid?.() === 0,
  isSudo: (process.env['SUDO_UID'] ?? '0') !== '0',
  egresstop: [process.execPath, ...process.argv.slice(1, 2)],
  now: Date.now(),
});

/**
 * Makes the whole system trust the authority, or without `--yes` only explains how. Returns the text to print. Throws a Failure on an
 * unknown system, and with `--yes` for any user but root.
 */
export async function installAuthority(flags: TrustFlags, system: TrustingSystem): Promise<string> {
  const folder = await folderFor('install', flags, system);
  const store = await findTrustStore(system.root);
  const authority = await authorityIn(folder, flags, system);
  const alive = certificatesOf(authority).filter(certificate => validUntil(certificate) > system.now);
  const end = Math.max(...alive.map(validUntil));
  if (alive.length === 0)
    throw new Failure(`the authority in ${folder} has expired; the next mediator makes a new one`);
  const warning = `Warning: every program of the whole system will trust this authority, which lives 30 days, until ${new Date(end).toISOString()}.`;
  if (!store) throw byHand(`add ${authority.certificatePath} to the certificates that it trusts`);
  if (store.type === 'keychain') {
    const command = `sudo security add-trusted-cert -d -r trustRoot -k ${KEYCHAIN} ${quoteForSh(authority.certificatePath)}`;
    return keychainText(flags, [command], [warning]);
  }
  const files = new Map(alive.map(each => [join(store.folder, fileName(folder, each)), each]));
  if (flags.yes !== true)
    return lines([
      warning,
      ...planned('install', { folder, store, system }),
      ...[...files.keys()].map(path => `  write ${path}`),
      `  run ${[store.program, ...store.args].join(' ')}`,
    ]);
  requireRoot('install', folder, system);
  await put(folder, store, files);
  return lines([warning, ...[...files.keys()].map(path => `wrote ${path}`), `ran ${store.program}`]);
}

/**
 * Reverts `installAuthority`, also for earlier authorities of this folder, or without `--yes` only explains how. Throws like
 * `installAuthority`.
 */
export async function uninstallAuthority(flags: TrustFlags, system: TrustingSystem): Promise<string> {
  const folder = await folderFor('uninstall', flags, system);
  const store = await findTrustStore(system.root);
  if (!store) throw byHand('take the egresstop local authority out of the certificates that it trusts');
  if (store.type === 'keychain') {
    const authority = await readAuthority(folder);
    if (!authority) throw new Failure(`no authority is in ${folder}`);
    const { fingerprint } = new X509Certificate(authority.identity.certificate);
    return keychainText(flags, [
      `sudo security remove-trusted-cert -d ${quoteForSh(authority.certificatePath)}`,
      `sudo security delete-certificate -Z ${fingerprint.replaceAll(':', '')} ${KEYCHAIN}`,
    ]);
  }
  const paths = await installed(folder, store);
  if (paths.length === 0)
    return lines([`no certificate of the authority in ${folder} is in ${store.folder}`]);
  if (flags.yes !== true)
    return lines([
      ...planned('uninstall', { folder, store, system }),
      ...paths.map(path => `  remove ${path}`),
      `  run ${[store.program, ...store.args].join(' ')}`,
    ]);
  requireRoot('uninstall', folder, system);
  for (const path of paths) await changed(rm(path));
  const failure = await takeUp(store);
  if (failure !== null) throw new Failure(`the certificates were removed, but ${failure}; run it again`);
  return lines([...paths.map(path => `removed ${path}`), `ran ${store.program}`]);
}

const KEYCHAIN = '/Library/Keychains/System.keychain';

type TrustVerb = 'install' | 'uninstall';

/** The folder of the authority. Under sudo the default folder would be root's and not the user's, so it must be named. */
async function folderFor(
  verb: TrustVerb,
  { caDir }: TrustFlags,
  { isSudo }: TrustingSystem,
): Promise<string> {
  if (isSudo && caDir === undefined)
    throw new Failure('under sudo the authority must be named with --ca-dir', 1, {
      remedy: `run egresstop ca ${verb} without sudo: it prints the command`,
    });
  return authorityFolder(caDir);
}

/** The authority in a folder. In a named folder root makes no new one, because the folder's owner could not read its key. */
async function authorityIn(
  folder: string,
  { caDir }: TrustFlags,
  { isRoot, now }: TrustingSystem,
): Promise<LocalAuthority> {
  const found = await readAuthority(folder);
  if (found) return found;
  if (isRoot && caDir !== undefined)
    throw new Failure(`no authority is in ${folder}`, 1, {
      remedy: `make it as its user: egresstop ca path --ca-dir ${quoteForSh(folder)}`,
    });
  return openAuthority(folder, now);
}

const byHand = (what: string): Failure =>
  new Failure('egresstop does not know where this system keeps its trusted certificates', 1, {
    remedy: `${what} by hand, or start single programs with egresstop run`,
  });

function keychainText(
  { yes = false }: TrustFlags,
  commands: readonly string[],
  before: readonly string[] = [],
): string {
  const remedy = `run: ${commands.join(' && ')}`;
  if (yes) throw new Failure('egresstop does not change the keychain of macOS itself', 1, { remedy });
  return lines([...before, 'On this system (macOS), run:', ...commands.map(command => `  ${command}`)]);
}

interface Trusting {
  readonly folder: string;
  readonly store: FolderStore;
  readonly system: TrustingSystem;
}

const planned = (verb: TrustVerb, { folder, store, system }: Trusting) => [
  `To ${verb} it on this system (${store.systems}), run:`,
  `  ${commandFor(verb, folder, system)}`,
  'That will:',
];

const commandFor = (verb: TrustVerb, folder: string, { egresstop, isRoot }: TrustingSystem): string =>
  [
    ...(isRoot ? [] : ['sudo']),
    ...egresstop.map(quoteForSh),
    `ca ${verb} --yes --ca-dir ${quoteForSh(folder)}`,
  ].join(' ');

function requireRoot(verb: TrustVerb, folder: string, system: TrustingSystem): void {
  if (!system.isRoot)
    throw new Failure('only root can change what the whole system trusts', 1, {
      remedy: `run: ${commandFor(verb, folder, system)}`,
    });
}

const lines = (all: readonly string[]): string => all.map(line => `${visible(line)}\n`).join('');

const certificatesOf = ({ certificates }: LocalAuthority): readonly string[] =>
  certificates.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----\n/g) ?? [];

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

/** The common prefix of the names of a folder's certificates, by which those of replaced authorities are found. */
const prefixOf = (folder: string): string => `egresstop-${digest(folder)}-`;

/** The name of a certificate's file. Each certificate needs its own, because `update-ca-certificates` skips files with two. */
const fileName = (folder: string, certificate: string): string =>
  `${prefixOf(folder)}${digest(certificate)}.crt`;

async function installed(folder: string, store: FolderStore): Promise<readonly string[]> {
  const names = await changed(readdir(store.folder));
  return names.filter(name => name.startsWith(prefixOf(folder))).map(name => join(store.folder, name));
}

/** Writes the certificates and removes those of replaced authorities. If the system's program fails, new files are removed again. */
async function put(folder: string, store: FolderStore, files: ReadonlyMap<string, string>): Promise<void> {
  const before = await installed(folder, store);
  for (const [path, certificate] of files) {
    const beside = `${path}.${process.pid}.new`;
    await changed(writeFile(beside, certificate, { flag: 'wx' }));
    await changed(chmod(beside, 0o644)); // a strict umask would make it unreadable for other users
    await changed(rename(beside, path));
  }
  for (const path of before.filter(each => !files.has(each))) await changed(rm(path));
  const failure = await takeUp(store);
  if (failure === null) return;
  for (const path of files.keys()) if (!before.includes(path)) await changed(rm(path));
  throw new Failure(`${failure}; the new certificates were removed again`);
}

/** Turns a failed change of the store's folder into a Failure. */
async function changed<Result>(use: Promise<Result>): Promise<Result> {
  try {
    return await use;
  } catch (error) {
    throw new Failure(error instanceof Error ? error.message : String(error));
  }
}

const RUN_WITHIN_MS = 120_000;

/** Runs the system's program. Returns its error, or null. */
const takeUp = ({ program, args }: FolderStore): Promise<string | null> =>
  new Promise(done => {
    const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
    execFile(program, args, { env, timeout: RUN_WITHIN_MS }, (error, _, said) =>
      done(error && `${program} failed: ${said.trim() || error.message}`),
    );
  });
