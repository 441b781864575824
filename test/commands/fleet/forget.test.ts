import { spawn } from 'node:child_process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hasNatsServer } from '../../sources/nats/nats-server.ts';
import { until } from '../../until.ts';
import { machine } from '../program.ts';
import { CLI } from '../start-program.ts';
import { fleetOn } from './fleet-totals.ts';
import { countingServer, records, shipArgs, shipOnce } from './shipping.ts';

describe.skipIf(!hasNatsServer)('a fleet’s machines', () => {
  it('a machine is forgotten with --yes alone, and no other machine with it', async () => {
    const [server, one, other] = [await countingServer(), machine(), machine()];
    await shipOnce(one, server, one.write('audit.jsonl', records(9)), 'm1');
    await shipOnce(other, server, other.write('audit.jsonl', records(6)), 'm10');
    const forget = (...flags: readonly string[]) =>
      one.run(['fleet', 'forget', server.url('acme'), 'm1', ...flags]);
    const asked = await forget();
    expect(asked.code).toBe(1);
    expect(asked.stdout).toMatch(
      /^counters: \d+ messages\nrecords: 1 message\nanswers on policies: 0 messages\n$/,
    );
    expect(asked.stderr).toContain('nothing was removed yet');
    expect([...(await fleetOn(server)).keys()]).toEqual(['m1', 'm10']);
    expect(await forget('--yes')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('removed') as string,
    });
    expect([...(await fleetOn(server)).keys()]).toEqual(['m10']);
    expect(await forget('--yes')).toMatchObject({
      code: 1,
      stderr: 'egresstop: the server has nothing of m1\n',
    });
  });

  it('a shipper says in the format of Prometheus how many lines it counted, and that the server has them', async () => {
    const [server, here] = [await countingServer(), machine()];
    const args = [
      CLI,
      ...shipArgs(server, here.write('audit.jsonl', records(12))),
      '--metrics',
      '127.0.0.1:0',
    ];
    const child = spawn(process.execPath, args, {
      env: { ...here.env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let told = '';
    child.stderr.on('data', chunk => (told += String(chunk)));
    const url = await until(() => /metrics: (http:\S+)/.exec(told)?.[1] ?? null);
    const text = await until(async () => {
      const answer = await (await fetch(url ?? '')).text();
      return /delivery_age_seconds \d/.test(answer) ? answer : null;
    });
    expect(text).toContain('egresstop_ship_lines_total 12\n');
    expect(text).toContain('egresstop_ship_behind_bytes 0\n');
    expect(text).toContain('egresstop_ship_server_up 1\n');
  });
});
