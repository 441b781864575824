import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, cpSync, rmSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectNats } from '../../../src/sources/nats/connect.ts';
import { hasNatsServer, type NatsServer } from '../../sources/nats/nats-server.ts';
import { until } from '../../until.ts';
import { machine, type Machine } from '../program.ts';
import { CLI } from '../start-program.ts';
import { countingServer, killed, records, shipArgs } from './shipping.ts';

const shipAll = (here: Machine, server: NatsServer, log: string) =>
  here.run([...shipArgs(server, log), '--once', '--records', 'all']);

const archiveArgs = (here: Machine, server: NatsServer): readonly string[] => [
  'archive',
  server.url('acme'),
  '--dir',
  here.path('archive'),
];

const archiveOnce = (here: Machine, server: NatsServer) => here.run([...archiveArgs(here, server), '--once']);

function archiveOn(here: Machine, server: NatsServer): ChildProcess {
  const args = [CLI, ...archiveArgs(here, server), '--every', '1s'];
  const child = spawn(process.execPath, args, { env: { ...here.env }, stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function reportOf(here: Machine, ...args: readonly string[]): Promise<Record<string, unknown>> {
  const { stdout } = await here.run(['report', '--json', ...args]);
  return stdout === '' ? {} : (JSON.parse(stdout) as Record<string, unknown>);
}

const ofArchive = (here: Machine) => reportOf(here, '--from-archive', here.path('archive'));

const eventsOf = async (here: Machine): Promise<number> => Number((await ofArchive(here))['events'] ?? 0);

/** Publishes what is no batch where batches of a machine are. */
async function damage(server: NatsServer): Promise<void> {
  const link = await connectNats(
    { scheme: 'nats', host: '127.0.0.1', port: server.port, place: { type: 'fleet', tenant: 'acme' } },
    { credentials: { user: { type: 'none' }, tls: null }, name: 'test', isPatient: false },
  );
  link.connection.publish('egress.log.acme.m1', 'no batch');
  await link.connection.flush();
  await link.close();
}

describe.skipIf(!hasNatsServer)('egresstop archive', () => {
  it('killed again and again while records come, it has each of them once', async () => {
    const [server, here] = [await countingServer(), machine()];
    const log = here.write('audit.jsonl', records(300));
    await shipAll(here, server, log);
    for (let round = 0; round < 3; round += 1) {
      const running = archiveOn(here, server);
      const before = await eventsOf(here);
      appendFileSync(log, records(200));
      await shipAll(here, server, log);
      await until(async () => (await eventsOf(here)) > before, {
        describe: 'some of the new records are archived',
      });
      await killed(running);
    }
    expect((await archiveOnce(here, server)).code).toBe(0);
    expect(await ofArchive(here)).toEqual(await reportOf(here, log));
  });

  it('a store that was put back to an older state, and filled again, doubles no record and loses none', async () => {
    const [server, here] = [await countingServer(), machine()];
    const log = here.write('audit.jsonl', records(60));
    await shipAll(here, server, log);
    await server.kill();
    cpSync(server.store, here.path('store'), { recursive: true });
    await server.restart();
    appendFileSync(log, records(30));
    await shipAll(here, server, log);
    await archiveOnce(here, server);
    await server.kill();
    rmSync(server.store, { recursive: true });
    cpSync(here.path('store'), server.store, { recursive: true });
    await server.restart();
    for (let more = 0; more < 3; more += 1) {
      appendFileSync(log, records(10));
      await shipAll(here, server, log);
    }
    expect((await archiveOnce(here, server)).stderr).toMatch(/other records than before|records? added/);
    const { partial, ...counts } = await ofArchive(here);
    expect(counts).toEqual(await reportOf(here, log));
    expect(partial).toBeUndefined();
  });

  it('a message that is no batch is told and counted, and the report says that it lacks it', async () => {
    const [server, here] = [await countingServer(), machine()];
    const log = here.write('audit.jsonl', records(9));
    await damage(server);
    await here.run([...shipArgs(server, log), '--once']);
    const { stderr, code } = await archiveOnce(here, server);
    expect(code).toBe(0);
    expect(stderr).toContain('message 1 could not be read: its headers are no batch’s');
    expect(await ofArchive(here)).toMatchObject({
      events: 3,
      partial: [
        {
          holds: 'records that machines shipped: denials only',
          completeness: {
            type: 'lossy',
            why: expect.stringContaining('1 message could not be read') as string,
          },
        },
      ],
    });
  });

  it('a server without records, or that is away, ends it with 1 and the way out', async () => {
    const [server, here] = [await countingServer(), machine()];
    await server.kill();
    expect(await archiveOnce(here, server)).toMatchObject({ code: 1 });
  });
});
