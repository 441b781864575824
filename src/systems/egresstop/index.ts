import { existsSync } from 'node:fs';
import { readAskNews } from '../../core/ask/ask-news.ts';
import type { MediationMode } from '../../core/policy/dialect.ts';
import { standardColumns } from '../../core/log-columns.ts';
import { blankEvent, type JsonObject } from '../../core/event.ts';
import { text } from '../../core/record.ts';
import type { DiscoveredSource, Inspected } from '../discovered.ts';
import type { NamedLog, Places, System } from '../system.ts';
import { decodeOwn } from './log/decode.ts';
import { ownFiles } from './log/own-files.ts';
import type { MediatorHello } from './log/read-hello.ts';
import { ownShape } from './log/record-shape.ts';

/**
 * Finds the audit log and the socket of a running mediator. Events are counted only from the log, which holds all of them. The socket
 * reports at once what the mediator acknowledges and when it ends. The log of an ended mediator is history.
 */
async function discover(places: Places): Promise<readonly DiscoveredSource[]> {
  const { socket } = ownFiles(places, process.getuid?.());
  const { readHello } = await import('./log/read-hello.ts');
  const hello = await readHello(socket);
  if (!hello) return [];
  const found = (source: string): DiscoveredSource => ({
    system: 'egresstop',
    name: hello.listen,
    source,
    agent: null,
  });
  return [...(hello.audit === null ? [] : [found(hello.audit)]), found(`unix:${socket}`)];
}

/** The audit log of the running mediator, else the default path of the log. */
async function auditLog(places: Places): Promise<NamedLog> {
  const { socket, audit } = ownFiles(places, process.getuid?.());
  const { readHello } = await import('./log/read-hello.ts');
  return { type: 'path', path: (await readHello(socket))?.audit ?? audit };
}

const MODES: readonly string[] = ['strict', 'guarded', 'ask', 'off'] satisfies MediationMode[];

const modeOf = (word: string): MediationMode | null =>
  MODES.includes(word) ? (word as MediationMode) : null; // tested: it is one of them

async function inspect(places: Places, sockets: readonly string[] = []): Promise<readonly Inspected[]> {
  const all = new Set([ownFiles(places, process.getuid?.()).socket, ...sockets]);
  const found = await Promise.all([...all].map(inspectSocket));
  return found.flat();
}

async function inspectSocket(socket: string): Promise<readonly Inspected[]> {
  if (!existsSync(socket)) return []; // no mediator serves it
  const { readHello } = await import('./log/read-hello.ts');
  const hello = await readHello(socket);
  if (!hello) return [];
  const { policyPath, revision, audit, flags } = hello;
  const ruledBy = policyPath === null ? 'no policy' : `policy ${policyPath} ${revision?.slice(0, 15) ?? ''}`;
  const summary = `${hello.mode} on ${hello.listen}, ${ruledBy}`;
  return [
    {
      name: hello.listen,
      sources: [...(audit === null ? [] : [audit]), `unix:${socket}`],
      summary,
      differences: [],
      remedy: null,
      policyPath,
      revision,
      mode: modeOf(hello.mode),
      flags,
      confinement: confinementOf(hello),
      next: null,
    },
  ];
}

/** Whether the programs that `run` started are confined; null without such programs. */
function confinementOf({ holders, confined }: MediatorHello): 'confined' | 'can be bypassed' | null {
  if (holders === 0) return null;
  return confined === holders ? 'confined' : 'can be bypassed';
}

/** egresstop's own mediator. It rereads its policy without a restart and reports that. */
export const egresstop: System = {
  name: 'egresstop',
  recognises: record =>
    (record['mediator'] === 'egresstop' && text(record, 'event') !== null) || socketWord(record) !== null,
  decode: (record, origin) => {
    const word = socketWord(record);
    return word === null
      ? decodeOwn(record, origin)
      : blankEvent({ system: 'egresstop', source: origin.source, kind: word, raw: record });
  },
  shapes: [ownShape],
  columns: standardColumns,
  agentAt: () => null,
  discover,
  logWord: { word: 'mediator', log: auditLog },
  history: places => ownFiles(places, process.getuid?.()).audit,
  inspect,
  dialect: async () => (await import('../microagent/policy/dialect.ts')).microagentDialect,
  activation: {
    type: 'reload',
    advice: () => 'the mediator rereads the file by itself and acknowledges it',
    acknowledges: ({ kind, raw }, { revision }) =>
      ACKNOWLEDGING.has(kind) && (text(raw, 'revision') ?? text(raw, 'policy')) === revision,
  },
};

/** The kind of a socket's line that is no event, for saved lines of a socket; null for any other record. */
function socketWord(record: JsonObject): string | null {
  const { type } = record;
  if (type === 'hello' && record['mediator'] === 'egresstop') return type;
  if (type === 'policy' && (record['status'] === 'applied' || record['status'] === 'rejected')) return type;
  if (type === 'dropped' && typeof record['count'] === 'number') return type;
  if (type === 'programs' && typeof record['running'] === 'number') return type;
  return (type === 'ask' || type === 'answered') && readAskNews(record) !== null ? type : null;
}

/** Records with the revision in force. */
const ACKNOWLEDGING = new Set(['egress_listen', 'egress_policy_applied']);
