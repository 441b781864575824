import { join } from 'node:path';
import type { EgressEvent, JsonObject } from '../../core/event.ts';
import type { LogColumns } from '../../core/log-columns.ts';
import { text, texts } from '../../core/record.ts';
import type { DiscoveredSource, Places, System } from '../system.ts';
import { decodeBroker, decodeMediator } from './log/decode.ts';
import { inspect } from './log/inspect.ts';
import { mediatorShape } from './log/record-shape.ts';
import { agentOfLog, invalidName, LOG_FILES, stateDirOf, workspaceNames } from './log/state-dir.ts';
import { workspaceRecord } from './log/workspace-record.ts';
import { isTerminal, readWorkspace, sameEntries } from './log/workspace.ts';

const isBroker = (record: JsonObject): boolean => text(record, 'event')?.startsWith('broker_') ?? false;

/** As `microagent egress` prints its records: the record's own `host`, then `reason`, else `dst`. */
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

/** Runs agents in micro-VMs; a host-side mediator rules on each connection and appends one record per ruling. */
export const microagent: System = {
  name: 'microagent',
  recognises: record => text(record, 'event') !== null,
  decode: (record, origin) => (isBroker(record) ? decodeBroker : decodeMediator)(record, origin),
  shapes: [mediatorShape],
  columns,
  agentAt: agentOfLog,
  discover,
  inspect,
  workspaces: {
    invalidName,
    logs: (name, places) => LOG_FILES.map(file => join(stateDirOf(places), name, file)),
    isOver: async (name, places) => isTerminal(await readWorkspace(stateDirOf(places), name)),
    record: workspaceRecord,
  },
  dialect: async () => (await import('./policy/workspace-dialect.ts')).workspaceDialect,
  activation: {
    type: 'restart',
    advice: () => 'restart required: halt the workspace and start it again with this policy',
    acknowledges: (event, { allow }) =>
      event.kind === 'egress_listen' && sameEntries(texts(event.raw, 'allow') ?? [], allow),
  },
};
