import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseSource } from '../sources/expand.ts';
import type { SourceSpec } from '../sources/source.ts';
import { SYSTEMS } from '../systems/index.ts';
import { invalidName, LOG_FILES, stateDirOf } from '../systems/microagent/state-dir.ts';
import type { DiscoveredSource, Places } from '../systems/system.ts';
import { Failure } from './failure.ts';

/** What a `microagent:NAME` argument names. */
const WORKSPACE = /^microagent:(.*)$/s;

/** What the SOURCE arguments come down to. */
export interface ResolvedSources {
  readonly specs: readonly SourceSpec[];
  /** The workspace, when a `microagent:NAME` is the only argument. */
  readonly workspace: string | null;
  readonly wasDiscovered: boolean;
}

/** The SOURCE arguments, or (with none) everything the systems can discover. A workspace name that cannot be one fails. */
export async function resolveSources(args: readonly string[], places: Places): Promise<ResolvedSources> {
  if (args.length === 0) {
    const found = await discoverAll(places);
    return { specs: found.map(({ source }) => parseSource(source)), workspace: null, wasDiscovered: true };
  }
  const names = args.map(argument => WORKSPACE.exec(argument)?.[1] ?? null);
  const specs = args.flatMap((argument, index) =>
    names[index] === null || names[index] === undefined
      ? [parseSource(argument)]
      : workspaceLogs(names[index], places),
  );
  return { specs, workspace: args.length === 1 ? (names[0] ?? null) : null, wasDiscovered: false };
}

function workspaceLogs(name: string, places: Places): SourceSpec[] {
  const why = invalidName(name);
  if (why !== null) throw new Failure(why);
  return LOG_FILES.map(file => ({ type: 'path' as const, path: join(stateDirOf(places), name, file) }));
}

/** What every system finds on this machine. */
export async function discoverAll(places: Places): Promise<readonly DiscoveredSource[]> {
  const found = await Promise.all(SYSTEMS.map(system => system.discover(places)));
  return found.flat();
}

/** Of a workspace's two logs, and of discovered places, those that exist: an absent one is no problem in a one-shot command. */
export const existing = (specs: readonly SourceSpec[]): readonly SourceSpec[] =>
  specs.filter(spec => spec.type !== 'path' || existsSync(spec.path));
