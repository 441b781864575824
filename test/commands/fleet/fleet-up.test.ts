import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, nkeyAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { natsServerProgram } from '../../../src/commands/fleet/up/local-server.ts';
import { hasNatsServer } from '../../sources/nats/nats-server.ts';
import { until } from '../../until.ts';
import { machine } from '../program.ts';
import { CLI } from '../start-program.ts';

interface Fleet {
  readonly stdout: () => string;
  readonly end: () => Promise<number | null>;
  readonly seedFile: (name: string) => string;
  readonly client: (name: string, inboxPrefix?: string) => Promise<NatsConnection>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** `fleet up` in a process of its own, with the machines m1 and m2. */
async function fleetUp(on = machine()): Promise<Fleet> {
  const port = await freePort();
  const args = ['fleet', 'up', '--port', `${port}`, '--machine', 'm1', '--machine', 'm2'];
  const child = spawn(process.execPath, [CLI, ...args], { cwd: on.path('work'), env: on.env });
  const exit = once(child, 'exit');
  const end = async (): Promise<number | null> => {
    child.kill('SIGTERM');
    await exit;
    return child.exitCode;
  };
  onTestFinished(() => void end());
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', chunk => (stdout += String(chunk)));
  child.stderr.on('data', chunk => (stderr += String(chunk)));
  await until(() => stdout.includes('public key'), { describe: () => stderr });
  const seedFile = (name: string): string => on.path(`state/egresstop/fleet/${name}.nk`);
  const client = async (name: string, inboxPrefix = '_INBOX'): Promise<NatsConnection> => {
    const authenticator = nkeyAuthenticator(readFileSync(seedFile(name)));
    const connection = await connect({ servers: `127.0.0.1:${port}`, authenticator, inboxPrefix });
    onTestFinished(() => connection.close());
    return connection;
  };
  return { stdout: () => stdout, end, seedFile, client };
}

/** Whether the server stores a message of this user. */
const stores = (connection: NatsConnection, subject: string): Promise<boolean> =>
  jetstream(connection, { timeout: 1000 })
    .publish(subject, 'x')
    .then(
      () => true,
      () => false,
    );

describe.skipIf(!hasNatsServer)('fleet up', () => {
  it('each role may do what it is for, and nothing else', async () => {
    const { client } = await fleetUp();
    const [m1, viewer, editor] = await Promise.all([
      client('machine-m1', '_IN_m1'),
      client('viewer'),
      client('editor'),
    ]);
    const own = ['egress.sum.acme.m1.e.0', 'egress.log.acme.m1', 'egress.ack.acme.m1'];
    const policy = '$KV.egress_policy.acme.g.all.policy';
    const others = own.map(subject => subject.replace('m1', 'm2'));
    for (const subject of own) expect([subject, await stores(m1, subject)]).toEqual([subject, true]);
    expect(await stores(editor, policy)).toBe(true);
    const refused = [
      ...[...others, policy].map(subject => [m1, subject] as const),
      ...[...own, policy].map(subject => [viewer, subject] as const),
      ...own.map(subject => [editor, subject] as const),
    ];
    expect(await Promise.all(refused.map(([user, subject]) => stores(user, subject)))).toEqual(
      refused.map(() => false),
    );
    const read = async (user: NatsConnection): Promise<unknown> => {
      const consumer = await jetstream(user).consumers.getPushConsumer('EGRESS_SUM', {
        filter_subjects: 'egress.sum.acme.>',
      });
      for await (const message of await consumer.consume()) return message.subject;
      return null;
    };
    expect(await read(viewer)).toBe(own[0]);
    const { direct } = await jetstreamManager(m1, { checkAPI: false, timeout: 1000 });
    expect((await direct.getMessage('EGRESS_LOG', { last_by_subj: 'egress.log.acme.m1' }))?.subject).toBe(
      'egress.log.acme.m1',
    );
    expect((await direct.getMessage('KV_egress_policy', { last_by_subj: policy }))?.subject).toBe(policy);
    await expect(direct.getMessage('EGRESS_LOG', { last_by_subj: 'egress.log.acme.m2' })).rejects.toThrow();
    const admin = await jetstreamManager(viewer, { checkAPI: false, timeout: 1000 });
    await expect(admin.streams.delete('EGRESS_SUM')).rejects.toThrow();
    await expect(admin.streams.purge('EGRESS_LOG')).rejects.toThrow();
  });

  it('a second start keeps the keys and what was stored, and the seeds are private', async () => {
    const on = machine();
    const first = await fleetUp(on);
    expect(first.stdout()).toMatch(
      /egresstop ship nats:\/\/127\.0\.0\.1:\d+\/acme --machine m2 --nats-nkey \S+machine-m2\.nk SOURCE/,
    );
    const m1 = await first.client('machine-m1', '_IN_m1');
    expect(await stores(m1, 'egress.ack.acme.m1')).toBe(true);
    await m1.close();
    const seed = readFileSync(first.seedFile('machine-m1'), 'utf8');
    expect(statSync(first.seedFile('machine-m1')).mode & 0o777).toBe(0o600);
    expect(await first.end()).toBe(0);
    const second = await fleetUp(on);
    expect(readFileSync(second.seedFile('machine-m1'), 'utf8')).toBe(seed);
    const info = await (await jetstreamManager(await second.client('admin'))).streams.info('EGRESS_ACK');
    expect(info.state.messages).toBe(1);
  });

  it('a port in use is a failure with its remedy', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const { code, stderr } = await machine().run(['fleet', 'up', '--port', `${port}`]);
    expect(code).toBe(1);
    expect(stderr).toContain(`127.0.0.1:${port} is in use (name another port with --port)`);
  });
});

it('a machine without nats-server is told how to get it', async () => {
  await expect(natsServerProgram('/nowhere', [])).rejects.toMatchObject({
    message: 'nats-server is not installed',
    remedy: expect.stringContaining('apt-get install nats-server') as string,
  });
});
