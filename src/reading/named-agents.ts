import { dirname, resolve } from 'node:path';
import type { SourceSpec } from '../sources/source.ts';
import type { System } from '../systems/system.ts';

/** The agents of logs by their folders, absolute: as a workspace's name says it, whatever else lies in its folder. */
export type NamedAgents = ReadonlyMap<string, string>;

/** The agents of these logs. */
export const agentsOf = (
  logs: readonly { readonly spec: SourceSpec; readonly agent: string | null }[],
): NamedAgents =>
  new Map(
    logs.flatMap(({ spec, agent }) =>
      spec.type === 'path' && agent !== null ? [[folderOf(spec.path), agent] as const] : [],
    ),
  );

/** The systems, which take a log's agent from its named folder before they look into that folder. */
export const withAgents = (systems: readonly System[], agents: NamedAgents): readonly System[] =>
  agents.size === 0
    ? systems
    : systems.map(system => ({
        ...system,
        agentAt: path => agents.get(folderOf(path)) ?? system.agentAt(path),
      }));

const folderOf = (path: string): string => dirname(resolve(path));
