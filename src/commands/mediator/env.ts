import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { parseObject, text, texts } from '../../core/record.ts';
import { ownFiles } from '../../systems/egresstop/log/own-files.ts';
import { readHello } from '../../systems/egresstop/log/read-hello.ts';
import { Output } from '../output.ts';
import { placesOf } from '../places.ts';
import { childEnvironment } from './child-environment.ts';
import { holdMediator, type TrustedRoots } from './hold-mediator.ts';
import { noMediator } from './no-mediator.ts';
import { writeRootBundle, type RootBundle } from './root-bundle.ts';
import { exportLines, type Shell } from './shell-syntax.ts';
import { usualTrust, type UsualTrust } from './usual-trust.ts';

/** The flags of `env`. */
export interface EnvFlags {
  readonly shell?: Shell;
  readonly agent?: string;
  readonly tool?: string;
  readonly socket?: string;
  readonly caDir?: string;
  readonly socks?: boolean;
}

/** Prints the variables that `run` sets, as lines for a shell. Throws a Failure before printing if no mediator is up. */
export async function env(flags: EnvFlags): Promise<number> {
  const own = ownFiles(placesOf(undefined), process.getuid?.());
  const socket = resolve(flags.socket ?? own.socket);
  const hello = await readHello(socket);
  if (!hello) throw noMediator(socket);
  const folder = hello.authority ?? own.authority;
  if (flags.caDir !== undefined && resolve(flags.caDir) !== folder)
    throw new Failure(
      `the mediator on ${hello.listen} has its authority in ${folder}: name that --ca-dir, or none`,
    );
  const bundle = await writeBundle(join(folder, ENVIRONMENTS), socket, await trustedBy(socket));
  const variables = childEnvironment({
    address: hello.listen,
    agent: flags.agent ?? '',
    tool: flags.tool ?? '',
    certificate: bundle.added,
    bundle: bundle.whole,
    wgetrc: bundle.wgetrc,
    socket,
    isSocks: flags.socks ?? false,
  });
  await new Output().text(exportLines(flags.shell ?? 'bash', variables));
  return 0;
}

/** The folder beside the authority that holds a folder for each mediator. */
const ENVIRONMENTS = 'environments';
const USUAL = 'usual.json';

async function trustedBy(socket: string): Promise<TrustedRoots> {
  const held = await holdMediator(socket, { trustChanged: () => {}, lost: () => {} });
  if (!held) throw noMediator(socket);
  held.release();
  return held.trusted;
}

/** Writes the roots to permanent files, because a shell keeps its variables for any time. */
async function writeBundle(parent: string, socket: string, roots: TrustedRoots): Promise<RootBundle> {
  const folder = join(parent, createHash('sha256').update(socket).digest('hex').slice(0, 12));
  try {
    const usual = await trustWithout(parent);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const beside = join(folder, `${USUAL}.${process.pid}.new`);
    await writeFile(beside, JSON.stringify(usual), { mode: 0o600 });
    await rename(beside, join(folder, USUAL));
    return await writeRootBundle(folder, roots, usual);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    throw new Failure(`the trusted roots cannot be written: ${error.message}`);
  }
}

/**
 * The roots that the shell trusted before its first `env`. Those of our own bundle are left out: it may hold an authority that was
 * replaced.
 */
async function trustWithout(parent: string): Promise<UsualTrust> {
  const named = dirname(process.env['SSL_CERT_FILE'] ?? '');
  const kept = dirname(named) === parent ? await keptTrust(join(named, USUAL)) : null;
  return kept ?? usualTrust(process.env);
}

async function keptTrust(path: string): Promise<UsualTrust | null> {
  try {
    const kept = parseObject(await readFile(path, 'utf8'));
    if (!kept) return null;
    const [roots, extra, wgetrc] = [texts(kept, 'roots'), texts(kept, 'extra'), text(kept, 'wgetrc')];
    return roots && extra ? { roots, extra, wgetrc: wgetrc ?? '' } : null;
  } catch {
    return null; // the file was removed
  }
}
