import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hasNatsServer, natsServer, type NatsServer } from '../../sources/nats/nats-server.ts';
import { until } from '../../until.ts';
import { linesOf, machine, type Machine } from '../program.ts';
import { CLI } from '../start-program.ts';
import { counterStream } from './fleet-totals.ts';

let count = 0;

/** So many records of microagent, each with a number of its own. Every third one is a denial. */
const records = (amount: number, padding = ''): string =>
  Array.from({ length: amount }, () => {
    count += 1;
    const event = count % 3 === 0 ? 'egress_deny' : 'egress_allow';
    const ts = new Date(1_795_903_200_000 + count).toISOString();
    return `${JSON.stringify({ ts, event, host: `h${count % 7}.example`, tool: 'curl', number: count, padding })}\n`;
  }).join('');

async function recordServer(): Promise<NatsServer> {
  const server = await natsServer();
  await counterStream(server);
  return server;
}

const shipArgs = (server: NatsServer, log: string, more: readonly string[]): readonly string[] => [
  'ship',
  server.url('acme'),
  '--machine',
  'm1',
  ...more,
  log,
];

const shipOnce = (here: Machine, server: NatsServer, log: string, ...more: readonly string[]) =>
  here.run(shipArgs(server, log, ['--once', ...more]));

/** The numbers of the records that the server has, in their order. */
async function numbersOn(server: NatsServer, here = machine()): Promise<readonly number[]> {
  const { stdout, stderr } = await here.run(['log', '--json', server.url('acme')]);
  expect(stderr).toContain('records that machines ship');
  return linesOf(stdout).map(line => (JSON.parse(line) as { raw: { number: number } }).raw.number);
}

const numbersIn = (text: string, isWanted: (event: string) => boolean = () => true): readonly number[] =>
  linesOf(text)
    .map(line => JSON.parse(line) as { number: number; event: string })
    .filter(({ event }) => isWanted(event))
    .map(({ number }) => number);

const isDenial = (event: string): boolean => event === 'egress_deny';

describe.skipIf(!hasNatsServer)('records of a machine', () => {
  it('denials are shipped once each, also over rotation and compression, and the header of a report says so', async () => {
    const [server, here] = [await recordServer(), machine()];
    const first = records(100);
    const log = here.write('audit.jsonl', first);
    expect(await shipOnce(here, server, log)).toMatchObject({ code: 0, stderr: '' });
    const [second, third] = [records(10), records(6)];
    appendFileSync(log, second);
    renameSync(log, `${log}.1`);
    writeFileSync(log, third);
    await shipOnce(here, server, log);
    await shipOnce(here, server, log);
    const numbers = await numbersOn(server, here);
    expect(numbers.toSorted((one, other) => one - other)).toEqual(
      numbersIn(first + second + third, isDenial),
    );
    const { stdout } = await here.run(['log', '--json', server.url('acme')]);
    expect(stdout).toContain(`acme m1:${log}`);
  });

  it('with --records all every line is shipped, in batches', async () => {
    const [server, here] = [await recordServer(), machine()];
    const text = records(2000, 'x'.repeat(400));
    const log = here.write('audit.jsonl', text);
    await shipOnce(here, server, log, '--records', 'all');
    expect(await numbersOn(server, here)).toEqual(numbersIn(text));
  });

  it('two shippers of one machine store no record twice', async () => {
    const [server, one, other] = [await recordServer(), machine(), machine()];
    const text = records(3000, 'x'.repeat(400));
    const log = one.write('audit.jsonl', text);
    const ship = (here: Machine) => shipOnce(here, server, log, '--records', 'all');
    await Promise.all([ship(one), ship(other)]);
    expect(await numbersOn(server)).toEqual(numbersIn(text));
  });

  it('a server and a shipper that are killed lose no record and store none twice', async () => {
    const [server, here] = [await recordServer(), machine()];
    let text = records(3000, 'x'.repeat(400));
    const log = here.write('audit.jsonl', text);
    const start = () => {
      const args = [CLI, ...shipArgs(server, log, ['--records', 'all', '--every', '1s'])];
      const child = spawn(process.execPath, args, { env: { ...here.env }, stdio: 'ignore' });
      onTestFinished(() => void child.kill('SIGKILL'));
      return child;
    };
    let shipper = start();
    for (const round of ['server', 'shipper']) {
      await until(async () => (await numbersOn(server)).length > 0);
      if (round === 'server') await server.kill();
      else {
        shipper.kill('SIGKILL');
        await once(shipper, 'exit');
      }
      const more = records(500, 'x'.repeat(400));
      appendFileSync(log, more);
      text += more;
      if (round === 'server') await server.restart();
      else shipper = start();
    }
    const all = numbersIn(text);
    await until(async () => (await numbersOn(server)).length >= all.length, {
      describe: 'all records are stored',
    });
    expect(await numbersOn(server)).toEqual(all);
  });

  it('a server that lost its newest records gets them again', async () => {
    const [server, here] = [await recordServer(), machine()];
    const first = records(30);
    const log = here.write('audit.jsonl', first);
    await shipOnce(here, server, log, '--records', 'all');
    await server.kill();
    cpSync(server.store, here.path('store'), { recursive: true });
    await server.restart();
    const second = records(20);
    appendFileSync(log, second);
    await shipOnce(here, server, log, '--records', 'all');
    expect(await numbersOn(server)).toHaveLength(50);
    await server.kill();
    rmSync(server.store, { recursive: true });
    cpSync(here.path('store'), server.store, { recursive: true });
    await server.restart();
    expect(await numbersOn(server)).toHaveLength(30);
    await shipOnce(here, server, log, '--records', 'all');
    expect(await numbersOn(server)).toEqual(numbersIn(readFileSync(log, 'utf8')));
  });
});
