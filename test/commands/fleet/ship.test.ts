import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hasNatsServer, natsServer, nkeyUser, type NatsServer } from '../../sources/nats/nats-server.ts';
import { until } from '../../until.ts';
import { machine, type Machine } from '../program.ts';
import { CLI } from '../start-program.ts';
import { counterStream, fleetOn } from './fleet-totals.ts';

const HOSTS = ['api.github.com', 'pypi.org', 'evil.example', 'a.example', 'b.example'];
let lines = 0;

/** So many records of microagent, each with a host of its own turn. */
const records = (count: number): string =>
  Array.from({ length: count }, () => {
    lines += 1;
    const kind = lines % 3 === 0 ? 'egress_deny' : 'egress_allow';
    const ts = new Date(1_795_903_200_000 + lines).toISOString();
    return `${JSON.stringify({ ts, event: kind, host: HOSTS[lines % HOSTS.length], tool: 'curl' })}\n`;
  }).join('');

/** A server with the stream of counters: some old ones need seconds to say that there is none. */
async function countingServer(): Promise<NatsServer> {
  const server = await natsServer();
  await counterStream(server);
  return server;
}

const shipArgs = (server: NatsServer, log: string, name = 'm1'): readonly string[] => [
  'ship',
  server.url('acme'),
  '--machine',
  name,
  log,
];

const shipOnce = (here: Machine, server: NatsServer, log: string, name = 'm1') =>
  here.run([...shipArgs(server, log, name), '--once']);

/** The program, going on until the test ends. */
function shipOn(here: Machine, server: NatsServer, log: string): ChildProcess {
  const child = spawn(process.execPath, [CLI, ...shipArgs(server, log), '--every', '1s'], {
    env: { ...here.env },
    stdio: 'ignore',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function killed(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

const EXACT = { doubt: null, shortfall: { decisions: 0, unheardEpochs: 0 }, lostFiles: 0, unreadable: 0 };

describe.skipIf(!hasNatsServer)('ship', () => {
  it('--once stores what the files hold, and once more only what came since, also over rotation', async () => {
    const [server, here] = [await countingServer(), machine()];
    const log = here.write('audit.jsonl', records(100));
    expect(await shipOnce(here, server, log)).toMatchObject({ code: 0, stderr: '' });
    expect((await fleetOn(server)).get('m1')).toMatchObject({ lines: 100, counts: { total: 100 }, ...EXACT });
    appendFileSync(log, records(10));
    renameSync(log, `${log}.1`);
    writeFileSync(log, records(5));
    await shipOnce(here, server, log);
    expect((await fleetOn(server)).get('m1')).toMatchObject({ lines: 115, counts: { total: 115 }, ...EXACT });
    const json = JSON.parse((await here.run(['report', '--json', log])).stdout) as { verdicts: object };
    expect((await fleetOn(server)).get('m1')?.counts).toMatchObject(json.verdicts);
  });

  it('--once may run any number of times, one after the other', async () => {
    const [server, here] = [await countingServer(), machine()];
    const log = here.write('audit.jsonl', records(1));
    for (let run = 0; run < 20; run += 1)
      expect(await shipOnce(here, server, log)).toMatchObject({ code: 0, stderr: '' });
    expect((await fleetOn(server)).get('m1')).toMatchObject({ lines: 1, counts: { total: 1 }, ...EXACT });
  });

  it('a state that was lost begins a new epoch where the old one ended', async () => {
    const [server, here] = [await countingServer(), machine()];
    const log = here.write('audit.jsonl', records(50));
    await shipOnce(here, server, log);
    rmSync(here.path('state'), { recursive: true });
    appendFileSync(log, records(7));
    await shipOnce(here, server, log);
    expect((await fleetOn(server)).get('m1')).toMatchObject({
      lines: 57,
      counts: { total: 57 },
      epochs: 2,
      ...EXACT,
    });
  });

  it('a state that was put back to an older copy counts nothing twice', async () => {
    const [server, here] = [await countingServer(), machine()];
    const log = here.write('audit.jsonl', records(50));
    await shipOnce(here, server, log);
    cpSync(here.path('state'), here.path('copy'), { recursive: true });
    appendFileSync(log, records(20));
    await shipOnce(here, server, log);
    rmSync(here.path('state'), { recursive: true });
    renameSync(here.path('copy'), here.path('state'));
    appendFileSync(log, records(3));
    await shipOnce(here, server, log);
    expect((await fleetOn(server)).get('m1')).toMatchObject({ lines: 73, counts: { total: 73 }, ...EXACT });
  });

  it('a server that was put back to an older store, or lost it, is filled again', async () => {
    const [server, here] = [await countingServer(), machine()];
    const log = here.write('audit.jsonl', records(50));
    await shipOnce(here, server, log);
    await server.kill();
    cpSync(server.store, here.path('older'), { recursive: true });
    await server.restart();
    appendFileSync(log, records(20));
    await shipOnce(here, server, log);
    await server.kill();
    rmSync(server.store, { recursive: true });
    cpSync(here.path('older'), server.store, { recursive: true });
    await server.restart();
    expect((await fleetOn(server)).get('m1')?.lines).toBe(50);
    await shipOnce(here, server, log);
    expect((await fleetOn(server)).get('m1')).toMatchObject({ lines: 70, counts: { total: 70 }, ...EXACT });
    await server.kill();
    rmSync(server.store, { recursive: true });
    await server.restart();
    await shipOnce(here, server, log);
    expect((await fleetOn(server)).get('m1')).toMatchObject({ lines: 70, counts: { total: 70 }, ...EXACT });
  });

  it('two machines of one name are added up, and told as two shippers', async () => {
    const [server, one, other] = [await countingServer(), machine(), machine()];
    const logs = [one.write('audit.jsonl', records(30)), other.write('audit.jsonl', records(40))] as const;
    await shipOnce(one, server, logs[0]);
    await shipOnce(other, server, logs[1]);
    appendFileSync(logs[0], records(1));
    await shipOnce(one, server, logs[0]);
    const state = (await fleetOn(server)).get('m1');
    expect(state).toMatchObject({ lines: 71, counts: { total: 71 } });
    expect(state?.doubt).not.toBeNull();
  });

  it('totals equal the files’ after kills of the shipper and of the server at any moment, and over rotations', async () => {
    const [server, here] = [await countingServer(), machine()];
    const log = here.write('audit.jsonl', records(1));
    let written = 1;
    for (let round = 0; round < 5; round += 1) {
      const child = shipOn(here, server, log);
      const end = performance.now() + 300 + 250 * round;
      await until(() => {
        appendFileSync(log, records(40));
        written += 40;
        return performance.now() > end;
      });
      if (round % 2 === 0) await server.kill();
      await killed(child);
      if (round % 2 === 0) await server.restart();
      renameSync(log, `${log}.${5 - round}`);
      writeFileSync(log, '');
    }
    expect((await shipOnce(here, server, log)).code).toBe(0);
    const state = (await fleetOn(server)).get('m1');
    expect(state).toMatchObject({ lines: written, counts: { total: written }, ...EXACT });
  }, 60_000);

  it('a server that is away for a while gets all that was counted meanwhile', async () => {
    const [server, here] = [await countingServer(), machine()];
    const log = here.write('audit.jsonl', records(5));
    shipOn(here, server, log);
    await until(async () => (await fleetOn(server)).get('m1')?.lines === 5);
    await server.kill();
    appendFileSync(log, records(6));
    renameSync(log, `${log}.1`);
    writeFileSync(log, records(2));
    await server.restart();
    await until(async () => (await fleetOn(server)).get('m1')?.lines === 13);
    expect((await fleetOn(server)).get('m1')).toMatchObject({ counts: { total: 13 }, ...EXACT });
  }, 60_000);

  it('a user that may write and read its own counters alone ships, and cannot speak for another machine', async () => {
    const here = machine();
    const [shipper, admin] = [nkeyUser(here.folder, 'm1'), nkeyUser(here.folder, 'admin')];
    const own = 'egress.sum.acme.m1.>';
    const rights = `publish: ["${own}", "$JS.API.DIRECT.GET.EGRESS_SUM.${own}"], subscribe: "_IN_m1.>"`;
    const users = `{ nkey: ${shipper.publicKey}, permissions: { ${rights} } }, { nkey: ${admin.publicKey} }`;
    const server = await natsServer(`authorization { users: [${users}] }`);
    const log = here.write('audit.jsonl', records(3));
    const refused = await here.run([...shipArgs(server, log), '--once', '--nats-nkey', shipper.seedFile]);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain('no stream for counters');
    await counterStream(server, readFileSync(admin.seedFile));
    const counters = [...shipArgs(server, log), '--once', '--nats-nkey', shipper.seedFile];
    expect((await here.run(counters)).stderr).toMatch(
      /records: .*\(let this user write and read its own records/,
    );
    const own1 = await here.run([...counters, '--records', 'none']);
    expect(own1).toMatchObject({ code: 0, stderr: '' });
    const fleet = await fleetOn(server, { seed: readFileSync(admin.seedFile) });
    expect(fleet.get('m1')?.lines).toBe(3);
    const other = spawn(
      process.execPath,
      [CLI, ...shipArgs(server, log, 'm2'), '--once', '--nats-nkey', shipper.seedFile],
      { env: { ...here.env }, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    onTestFinished(() => void other.kill('SIGKILL'));
    let told = '';
    other.stderr.on('data', (bytes: Buffer) => (told += bytes.toString()));
    await until(() => told.includes('ermission') || other.exitCode !== null, { describe: () => told });
    expect([...(await fleetOn(server, { seed: readFileSync(admin.seedFile) })).keys()]).toEqual(['m1']);
  });
});
