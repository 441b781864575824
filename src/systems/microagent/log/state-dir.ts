import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { JsonObject } from '../../../core/event.ts';
import { parseObject } from '../../../core/record.ts';
import type { Places } from '../../system.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
const RESERVED = new Set([
  'build',
  'host-workers',
  'images',
  'kernels',
  'models',
  'oci',
  'runners',
  'volumes',
  'workspaces',
]);

/** Files beside a log that show that its folder is a workspace. */
const STATE_FILES = ['event.json', 'events.json', 'runtime.json'];

/**
 * The logs of a workspace. For records with equal times the mediator's come first. `broker-capture.jsonl` may hold payloads and is never
 * read.
 */
export const LOG_FILES = ['egress-access.jsonl', 'broker-access.jsonl'] as const;

/** The path of the file with the settings for the next start of a workspace. */
export const manifestOf = (stateDir: string, name: string): string =>
  join(stateDir, 'workspaces', name, 'workspace.json');

/** The paths of a workspace's logs, which may not exist. */
export const logsOf = (stateDir: string, name: string): readonly string[] =>
  LOG_FILES.map(file => join(stateDir, name, file));

const WORKSPACE_LOG = /^(?:egress|broker)-access\.jsonl(?:[.-][\w.-]+)?$/;

/** Whether a file's name is that of a workspace's log or a rotated copy, in any folder. */
export const isWorkspaceLog = (path: string): boolean => WORKSPACE_LOG.test(basename(path));

/** Why the text is no valid name of a workspace; null for a valid one. */
export function invalidName(name: string): string | null {
  if (!NAME.test(name))
    return `invalid workspace name "${name}": letters, digits, dot, dash and underscore, at most 63, beginning with a letter or digit`;
  return RESERVED.has(name) ? `invalid workspace name "${name}": reserved` : null;
}

/** The state directory: `--state-dir`, else `~/.microagent`, else (without a home) `<tmp>/microagent`. */
export const stateDirOf = (places: Places): string =>
  places.stateDir ??
  (places.home === null ? join(places.tmp, 'microagent') : join(places.home, '.microagent'));

/** The names of all workspaces: folders in `workspaces/`, and folders with lifecycle events or a log. */
export async function workspaceNames(stateDir: string): Promise<readonly string[]> {
  const declared = await foldersIn(join(stateDir, 'workspaces'));
  const candidates = await foldersIn(stateDir);
  const running: string[] = [];
  for (const name of candidates)
    if (await holdsOneOf(join(stateDir, name), ['event.json', ...LOG_FILES])) running.push(name);
  return [...new Set([...declared, ...running])].filter(name => invalidName(name) === null).sort();
}

/** Whether a workspace has a folder: its own, or its declaration in `workspaces/`. */
export async function workspaceExists(stateDir: string, name: string): Promise<boolean> {
  return (await holdsOneOf(stateDir, [name])) || (await holdsOneOf(join(stateDir, 'workspaces'), [name]));
}

async function foldersIn(path: string): Promise<readonly string[]> {
  try {
    const found = await readdir(path, { withFileTypes: true });
    return found.filter(item => item.isDirectory() || item.isSymbolicLink()).map(item => item.name);
  } catch {
    return []; // missing or not readable: nothing to discover
  }
}

async function holdsOneOf(folder: string, names: readonly string[]): Promise<boolean> {
  for (const name of names) {
    try {
      await stat(join(folder, name));
      return true;
    } catch {
      continue; // the next name may exist
    }
  }
  return false;
}

/** The agent of a log: the workspace's name if a state file is beside the log; else null. */
export function agentOfLog(path: string): string | null {
  const folder = dirname(resolve(path));
  return STATE_FILES.some(name => existsSync(join(folder, name))) ? basename(folder) : null;
}

/** The JSON object in a state file; null if it is missing, incomplete or of another form. */
export async function readState(path: string): Promise<JsonObject | null> {
  try {
    return parseObject(await readFile(path, 'utf8'));
  } catch {
    return null; // missing or not readable
  }
}
