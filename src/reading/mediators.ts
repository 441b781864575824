import type { MediationMode } from '../core/policy/dialect.ts';
import { isRead } from './is-read.ts';
import type { SourceSpec } from '../sources/source.ts';
import type { Inspected } from '../systems/discovered.ts';
import type { Places, System } from '../systems/system.ts';

/** A mediator, and whose it is. */
export interface WatchedMediator extends Inspected {
  readonly system: string;
  /** Whether it is a workspace, which mediates itself. */
  readonly isWorkspace: boolean;
}

/** Asks anew which mediators may speak, and what they say. */
export type MediatorsOf = () => Promise<readonly WatchedMediator[]>;

/** The sources that are watched, and whether they were discovered. */
export interface WatchedSources {
  readonly specs: readonly SourceSpec[];
  readonly wasDiscovered: boolean;
}

/** The mediators that write one of the sources, and (where the sources were discovered) all others of this machine. */
export async function mediatorsOf(
  systems: readonly System[],
  places: Places,
  { specs, wasDiscovered }: WatchedSources,
): Promise<readonly WatchedMediator[]> {
  const sockets = specs.flatMap(spec => (spec.type === 'socket' ? [spec.path] : []));
  const found = await Promise.all(
    systems.map(async system => {
      const inspected = await system.inspect(places, sockets);
      return inspected.map(mediator => ({
        system: system.name,
        isWorkspace: system.workspaces !== undefined,
        ...mediator,
      }));
    }),
  );
  return found
    .flat()
    .filter(({ sources }) => wasDiscovered || sources.some(source => isNamed(source, specs)));
}

const isNamed = (source: string, specs: readonly SourceSpec[]): boolean =>
  isNamedSocket(source, specs) ||
  specs.some(spec => spec.type === 'path' && spec.path === source) ||
  isRead(source, specs);

/** Whether the source is a socket that the operator named. */
export const isNamedSocket = (source: string, specs: readonly SourceSpec[]): boolean =>
  specs.some(spec => spec.type === 'socket' && `unix:${spec.path}` === source);

/** The mode that all workspaces among the mediators have in common; null where they differ, or one says none. */
export function commonMode(mediators: readonly WatchedMediator[]): MediationMode | null {
  const modes = new Set(mediators.filter(({ isWorkspace }) => isWorkspace).map(({ mode }) => mode));
  const [mode = null] = modes.size === 1 ? modes : [];
  return mode;
}
