import { describe, expect, it } from 'vitest';
import { dashboard } from '../../../src/commands/dashboard/dashboard.ts';
import { hasNatsServer, natsServer } from '../../sources/nats/nats-server.ts';
import { fixturePath, machine } from '../program.ts';
import { counterStream } from './fleet-totals.ts';

interface Printed {
  readonly hosts: readonly Record<string, unknown>[];
  readonly machines?: readonly Record<string, unknown>[];
  readonly [field: string]: unknown;
}

const LOGS = [
  'microagent-egress.jsonl',
  'orcarouter-events.jsonl',
  'pipelock-audit.jsonl',
  'squid-access.log',
  'aasm-proxy.jsonl',
].map(fixturePath);

/** The parts of a report that counters hold: they know no reasons. */
const comparable = ({ hosts, ...report }: Printed): object => ({
  ...Object.fromEntries(
    ['events', 'info', 'malformed', 'unrecognised', 'from', 'to', 'verdicts', 'tools', 'agents'].map(
      field => [field, report[field]],
    ),
  ),
  hosts: hosts.map(host => ({ ...host, reasons: null, machines: null })),
});

describe.skipIf(!hasNatsServer)('report of a fleet', () => {
  it('the report of one machine’s counters is the report of its logs, and two machines add up', async () => {
    const [server, here] = [await natsServer(), machine()];
    await counterStream(server);
    const ship = (name: string) =>
      here.run(['ship', server.url('acme'), '--machine', name, '--once', ...LOGS]);
    const report = async (...sources: readonly string[]): Promise<Printed> =>
      JSON.parse((await here.run(['report', '--json', ...sources])).stdout) as Printed;
    expect(await ship('m1')).toMatchObject({ code: 0 });
    const [ofLogs, ofFleet] = [await report(...LOGS), await report(server.url('acme'))];
    expect(comparable(ofFleet)).toEqual(comparable(ofLogs));
    await ship('m2');
    const both = await report(server.url('acme'));
    expect(both['events']).toBe(2 * Number(ofLogs['events']));
    expect(both.machines).toMatchObject([
      { machine: 'm1', total: ofLogs['events'], missing: 0, doubt: null },
      { machine: 'm2', total: ofLogs['events'], missing: 0, doubt: null },
    ]);
    expect(both.hosts[0]?.['machines']).toEqual({
      m1: ofLogs.hosts[0]?.['total'],
      m2: ofLogs.hosts[0]?.['total'],
    });
  });

  it('a fleet to which nobody shipped is a failure with its remedy', async () => {
    const { code, stderr } = await machine().run(['report', (await natsServer()).url('acme')]);
    expect(code).toBe(1);
    expect(stderr).toContain('no machine has shipped to this fleet (run `egresstop ship` on the machines)');
  });
});

it.each(['since', 'until', 'filter'])(
  'a report and a dashboard over a fleet refuse --%s, because sums know no single record',
  async option => {
    const value = option === 'filter' ? 'verdict:deny' : '1h';
    const sources = [fixturePath('squid-access.log'), 'nats://127.0.0.1:1/acme'];
    const { code, stderr } = await machine().run(['report', ...sources, `--${option}`, value]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('a fleet holds sums')]);
    await expect(dashboard(sources, { [option]: value })).rejects.toThrow('a fleet holds sums');
  },
);
