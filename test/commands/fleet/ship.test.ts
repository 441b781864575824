import { spawn } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hasNatsServer, natsServer, nkeyUser } from '../../sources/nats/nats-server.ts';
import { until } from '../../until.ts';
import { machine } from '../program.ts';
import { CLI } from '../start-program.ts';
import { counterStream, fleetOn } from './fleet-totals.ts';
import { countingServer, EXACT, records, shipArgs, shipOnce } from './shipping.ts';

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

  it('hundreds of logs are counted once, also after their state was lost', async () => {
    const [server, here] = [await countingServer(), machine()];
    mkdirSync(here.path('logs'));
    const logs = Array.from({ length: 450 }, (_, number) => join('logs', `${number}.jsonl`));
    for (const log of logs) here.write(log, records(1));
    const ship = () => here.run([...shipArgs(server, here.path('logs')), '--once', '--records', 'none']);
    expect(await ship()).toMatchObject({ code: 0, stderr: '' });
    appendFileSync(here.path(logs[7] ?? ''), records(1));
    await ship();
    rmSync(here.path('state'), { recursive: true });
    appendFileSync(here.path(logs[8] ?? ''), records(1));
    expect(await ship()).toMatchObject({ code: 0, stderr: '' });
    expect((await fleetOn(server)).get('m1')).toMatchObject({ counts: { total: 452 }, epochs: 2, ...EXACT });
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
