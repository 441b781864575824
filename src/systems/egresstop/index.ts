import { standardColumns } from '../../core/log-columns.ts';
import { text } from '../../core/record.ts';
import { microagentDialect } from '../microagent/dialect.ts';
import type { DiscoveredSource, Inspected, Places, System } from '../system.ts';
import { decodeOwn } from './decode.ts';
import { ownFiles } from './own-files.ts';
import { readHello } from './read-hello.ts';

/** The socket of a mediator that runs; none, nothing: its log is history, named when wanted. */
async function discover(places: Places): Promise<readonly DiscoveredSource[]> {
  const { socket } = ownFiles(places, process.getuid?.());
  const hello = await readHello(socket);
  return hello ? [{ system: 'egresstop', name: hello.listen, source: `unix:${socket}`, agent: null }] : [];
}

async function inspect(places: Places): Promise<readonly Inspected[]> {
  const hello = await readHello(ownFiles(places, process.getuid?.()).socket);
  if (!hello) return [];
  const summary = `${hello.mode} on ${hello.listen}, policy ${hello.policyPath ?? '-'} ${hello.revision?.slice(0, 15) ?? ''}`;
  const { policyPath, revision } = hello;
  return [{ name: hello.listen, summary, differences: [], remedy: null, policyPath, revision }];
}

/** The mediator that comes with this program. It rereads its policy by itself and says so. */
export const egresstop: System = {
  name: 'egresstop',
  recognises: record => record['mediator'] === 'egresstop' && text(record, 'event') !== null,
  decode: decodeOwn,
  columns: standardColumns,
  agentAt: () => null,
  discover,
  inspect,
  dialect: microagentDialect,
  activation: {
    type: 'reload',
    advice: 'the mediator rereads the file by itself and acknowledges it',
    acknowledges: ({ kind, raw }, { revision }) =>
      ACKNOWLEDGING.has(kind) && (text(raw, 'revision') ?? text(raw, 'policy')) === revision,
  },
};

/** Records that tell the revision in force. */
const ACKNOWLEDGING = new Set(['egress_listen', 'egress_policy_applied']);
