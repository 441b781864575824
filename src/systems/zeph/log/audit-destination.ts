import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Places } from '../../system.ts';

/** The destination of zeph's audit lines. */
export type AuditDestination =
  | { readonly type: 'file'; readonly path: string }
  /** The lines cannot be read back. `tui` is the file that zeph's full-screen mode writes instead. */
  | { readonly type: 'stdout'; readonly tui: string }
  | { readonly type: 'off' }
  | { readonly type: 'invalid'; readonly why: string };

/** The configuration that zeph uses, and the destination of its audit lines. */
export interface Configured {
  readonly path: string;
  readonly audit: AuditDestination;
}

/**
 * The first readable configuration: `$ZEPH_CONFIG`, `config/default.toml` in the working directory, `~/.config/zeph/config.toml`. Null
 * without one.
 */
export async function configured(places: Places): Promise<Configured | null> {
  for (const path of configPaths(places)) {
    const text = await read(path);
    if (text !== null)
      return { path, audit: await auditDestination(text, path, workingDirectory(path, places)) };
  }
  return null;
}

function configPaths({ env, cwd, home }: Places): readonly string[] {
  const named = env['ZEPH_CONFIG'];
  return [
    ...(named ? [resolve(cwd, named)] : []),
    join(cwd, 'config', 'default.toml'),
    ...(home === null ? [] : [join(home, '.config', 'zeph', 'config.toml')]),
  ];
}

/**
 * zeph's working directory: the folder above `config/default.toml`. For other files it is unknown, and the current directory is assumed.
 */
const workingDirectory = (path: string, { cwd }: Places): string =>
  path.endsWith(join('config', 'default.toml')) ? dirname(dirname(path)) : cwd;

/**
 * The destination in `[tools.audit]`, by default `stdout`. `stderr` is no stream but a file with that name
 * (`crates/zeph-tools/src/audit.rs`).
 */
export async function auditDestination(text: string, path: string, base: string): Promise<AuditDestination> {
  const { readConfig } = await import('../policy/read-config.ts'); // loaded late: without a configuration no parser is needed
  const { switches, problems } = readConfig(text, path);
  const broken = problems.find(({ why }) => why.startsWith('not TOML'));
  if (broken) return { type: 'invalid', why: `${broken.why} (line ${broken.line})` };
  const valueOf = (key: string): unknown =>
    switches.find(found => found.path === `tools.audit.${key}`)?.value;
  if (valueOf('enabled') === false) return { type: 'off' };
  const destination = valueOf('destination');
  return typeof destination === 'string' && destination !== '' && destination !== 'stdout'
    ? { type: 'file', path: resolve(base, destination) }
    : { type: 'stdout', tui: join(base, 'audit.jsonl') };
}

/** The largest configuration that is read. It must be a regular file: a hostile working directory must not block the program. */
const LONGEST = 4 * 1024 * 1024;

async function read(path: string): Promise<string | null> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK); // a FIFO would block until a writer opens it
    try {
      const found = await file.stat();
      return found.isFile() && found.size <= LONGEST ? await file.readFile('utf8') : null;
    } finally {
      await file.close();
    }
  } catch {
    return null; // the next path may have one
  }
}
