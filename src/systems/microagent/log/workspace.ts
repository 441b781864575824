import { join } from 'node:path';
import type { JsonObject } from '../../../core/event.ts';
import { normaliseEntry } from '../../../core/policy/entry-index.ts';
import { isObject, text, texts } from '../../../core/record.ts';
import type { MediationMode } from '../../../core/policy/dialect.ts';
import { heldLock } from './lock.ts';
import { manifestOf, readState } from './state-dir.ts';

/** The egress policy of a workspace, in force or for the next start. Entries are as written. */
export interface WorkspacePolicy {
  /** The recorded word: `broker`, `mitm`, `guarded`, `strict`, `off`, or one of a later version. */
  readonly mode: string | null;
  readonly allow: readonly string[];
  readonly passthrough: readonly string[];
  readonly locked: boolean;
}

/** The state of a workspace, from its state directory. */
export interface Workspace {
  readonly name: string;
  /** The last lifecycle state; null before the first. */
  readonly state: string | null;
  readonly since: string | null;
  /** Whether a running mediator holds its lock; null if unknown. */
  readonly isMediatorLive: boolean | null;
  /** The policy with which the running mediator was started. */
  readonly inForce: WorkspacePolicy | null;
  /** The policy for the next start. */
  readonly next: WorkspacePolicy | null;
}

/** States in which a workspace's log will not grow. */
const TERMINAL_STATES = new Set(['halted', 'stopped', 'failed', 'quarantined']);

/** Whether its log has ended. */
export const isTerminal = (workspace: Pick<Workspace, 'state'>): boolean =>
  workspace.state !== null && TERMINAL_STATES.has(workspace.state);

/** Reads a workspace's state, the policy in force, and the policy for the next start. */
export async function readWorkspace(stateDir: string, name: string): Promise<Workspace> {
  const [event, runtime, manifest, isMediatorLive] = await Promise.all([
    readState(join(stateDir, name, 'event.json')),
    readState(join(stateDir, name, 'runtime.json')),
    readState(manifestOf(stateDir, name)),
    heldLock(join(stateDir, name, '.egress-mediator.lock')),
  ]);
  const config = runtime?.['config'];
  return {
    name,
    state: event && text(event, 'state'),
    since: event && text(event, 'observedAt'),
    isMediatorLive,
    inForce: isObject(config)
      ? policyFrom(config, ['egressMode', 'egressAllow', 'egressPassthrough', 'egressAllowlistLocked'])
      : null,
    next:
      manifest &&
      policyFrom(manifest, ['egress_mode', 'egress_allow', 'egress_passthrough', 'egress_allowlist_locked']),
  };
}

/** Modes in which unlisted public hosts are reachable, unless the lists are locked. */
const BROAD: ReadonlySet<string | null> = new Set(['broker', 'mitm', 'guarded']);

/** The mode for judging as this workspace does; null without a mode, and for a word of a later version. */
export function modeOf(policy: WorkspacePolicy | null): MediationMode | null {
  if (policy === null) return null;
  if (policy.mode === 'off') return 'off';
  if (policy.locked || policy.mode === 'strict') return 'strict';
  return BROAD.has(policy.mode) ? 'guarded' : null;
}

function policyFrom(
  record: JsonObject,
  [mode, allow, passthrough, locked]: readonly [string, string, string, string],
): WorkspacePolicy {
  return {
    mode: text(record, mode),
    allow: texts(record, allow) ?? [],
    passthrough: texts(record, passthrough) ?? [],
    locked: record[locked] === true,
  };
}

/** The entries that a restart would add (`+ entry`) or remove (`- entry`). Empty if none. */
export function restartDifferences({ inForce, next }: Workspace): readonly string[] {
  if (!inForce || !next) return [];
  return [
    ...(inForce.mode === next.mode ? [] : [`mode ${inForce.mode ?? '?'} → ${next.mode ?? '?'}`]),
    ...(inForce.locked === next.locked ? [] : [next.locked ? 'locked' : 'unlocked']),
    ...listDifferences('allow', inForce.allow, next.allow),
    ...listDifferences('passthrough', inForce.passthrough, next.passthrough),
  ];
}

function listDifferences(list: string, before: readonly string[], after: readonly string[]): string[] {
  const [was, is] = [new Set(before.map(normaliseEntry)), new Set(after.map(normaliseEntry))];
  return [
    ...[...is].filter(entry => !was.has(entry)).map(entry => `+ ${list} ${entry}`),
    ...[...was].filter(entry => !is.has(entry)).map(entry => `- ${list} ${entry}`),
  ];
}

/** Whether two lists have the same entries, in any order and spelling. */
export const sameEntries = (one: readonly string[], other: readonly string[]): boolean =>
  listDifferences('', one, other).length === 0;
