import { join } from 'node:path';
import type { EgressEvent, JsonObject } from '../../core/event.ts';
import type { LogColumns } from '../../core/log-columns.ts';
import { isObject, text, texts } from '../../core/record.ts';
import type { DiscoveredSource } from '../discovered.ts';
import type { Places, System } from '../system.ts';
import { decodeBroker, decodeMediator } from './log/decode.ts';
import { inspect } from './log/inspect.ts';
import { mediatorShape } from './log/record-shape.ts';
import {
  agentOfLog,
  invalidName,
  isWorkspaceLog,
  LOG_FILES,
  logsOf,
  manifestOf,
  stateDirOf,
  workspaceExists,
  workspaceNames,
} from './log/state-dir.ts';
import { workspaceRecord } from './log/workspace-record.ts';
import { isTerminal, readWorkspace, sameEntries } from './log/workspace.ts';

/** The original record in a line of `microagent egress --json`, which has it under `raw`. */
function recordIn(printed: JsonObject): JsonObject {
  const { raw } = printed;
  return isObject(raw) && text(raw, 'event') === text(printed, 'event') ? raw : printed;
}

const isBroker = (record: JsonObject): boolean => text(record, 'event')?.startsWith('broker_') ?? false;

/** The prefixes of its event names. */
const OWN_NAME = /^(?:egress|broker)_/;
/** Keys that newer versions add to each record. Two of them beside `ts` identify microagent. */
const OWN_KEYS = ['runtime_id', 'session_id', 'event_id', 'operation_id'] as const;

/**
 * Whether a record is microagent's. A text `event` proves nothing, because many products write one. The name must have microagent's prefix,
 * or the record must have its other keys. In a workspace's own log any name counts.
 */
const isOwn: System['recognises'] = (record, origin) => {
  const event = text(record, 'event');
  if (event === null) return false;
  if (origin?.owner === 'microagent' || OWN_NAME.test(event)) return true;
  return 'ts' in record && OWN_KEYS.filter(key => text(record, key) !== null).length >= 2;
};

/** The columns of `microagent egress`: the record's `host`, then `reason`, else `dst`. */
function columns(event: EgressEvent): LogColumns {
  return {
    time: event.time ?? '-',
    event: event.kind,
    host: text(event.raw, 'host') ?? '-',
    detail: text(event.raw, 'reason') ?? text(event.raw, 'dst'),
  };
}

async function discover(places: Places): Promise<readonly DiscoveredSource[]> {
  const stateDir = stateDirOf(places);
  const names = await workspaceNames(stateDir);
  return names.flatMap(name =>
    LOG_FILES.map(file => ({ system: 'microagent', name, source: join(stateDir, name, file), agent: name })),
  );
}

/** Runs agents in micro-VMs. A mediator on the host rules on each connection and logs one record for each ruling. */
export const microagent: System = {
  name: 'microagent',
  recognises: isOwn,
  decode: (printed, origin) => {
    const record = recordIn(printed);
    return (isBroker(record) ? decodeBroker : decodeMediator)(record, origin);
  },
  shapes: [mediatorShape],
  columns,
  agentAt: agentOfLog,
  ownsLog: isWorkspaceLog,
  discover,
  inspect,
  workspaces: {
    invalidName,
    names: places => workspaceNames(stateDirOf(places)),
    exists: (name, places) => workspaceExists(stateDirOf(places), name),
    logs: (name, places) => logsOf(stateDirOf(places), name),
    isOver: async (name, places) => isTerminal(await readWorkspace(stateDirOf(places), name)),
    lists: async (name, places) => ({
      path: manifestOf(stateDirOf(places), name),
      dialect: (await import('./policy/own-lists.ts')).ownListsDialect(name),
    }),
    record: workspaceRecord,
  },
  dialect: async () => (await import('./policy/dialect.ts')).workspaceDialect,
  activation: {
    type: 'restart',
    advice: () => 'restart required: halt the workspace and start it again with this policy',
    acknowledges: (event, { allow }) =>
      event.kind === 'egress_listen' && sameEntries(texts(event.raw, 'allow') ?? [], allow),
  },
};
