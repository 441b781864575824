import { jetstreamManager } from '@nats-io/jetstream';
import { connect, nkeyAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hasNatsServer, natsServer, nkeyUser, type NatsServer } from '../../sources/nats/nats-server.ts';
import { until } from '../../until.ts';
import { machine } from '../program.ts';
import { CLI } from '../start-program.ts';

const AGENTS = [1, 2].map(last => [...Array.from({ length: 15 }, () => 0), last]);

interface Entry {
  readonly host?: string;
  readonly decision?: number;
  readonly agent?: number;
}

/** A record as runtimes publish it. */
function auditEntry(seq: number, { host = 'api.github.com', decision = 1, agent = 0 }: Entry = {}): string {
  const zeros = Array.from({ length: 32 }, () => 0);
  return JSON.stringify({
    seq,
    timestamp_ns: 1_795_903_200_123_000_000 + seq * 1_000_000,
    event_type: 'ToolCallIntercepted',
    agent_id: AGENTS[agent],
    session_id: AGENTS[agent],
    payload: JSON.stringify({
      action_type: 'NETWORK_CALL',
      decision,
      detail: { kind: 'network_call', host, port: 443, protocol: 'https' },
      event_id: `${agent}-${seq}`,
      source: 'proxy',
    }),
    previous_hash: zeros,
    entry_hash: zeros,
    org_id: 'acme',
  });
}

async function client(server: NatsServer): Promise<NatsConnection> {
  const connection = await connect({
    servers: `127.0.0.1:${server.port}`,
    reconnectTimeWait: 10,
    maxReconnectAttempts: -1,
  });
  onTestFinished(() => connection.close());
  return connection;
}

/** A server whose stream is made as the gateway makes it, and a publisher that expects no answer. */
async function auditServer(configuration = ''): Promise<{
  server: NatsServer;
  publish: (...entries: readonly string[]) => Promise<void>;
  connection: NatsConnection;
}> {
  const server = await natsServer(configuration);
  const connection = await client(server);
  await (await jetstreamManager(connection)).streams.add({ name: 'AUDIT', subjects: ['assembly.audit.>'] });
  const publish = async (...entries: readonly string[]): Promise<void> => {
    for (const entry of entries) connection.publish(`assembly.audit.acme.${'a'.repeat(8)}`, entry);
    await connection.flush();
  };
  return { server, publish, connection };
}

const consumersOf = async (connection: NatsConnection): Promise<number> =>
  (await (await jetstreamManager(connection)).streams.info('AUDIT')).state.consumer_count;

describe.skipIf(!hasNatsServer)('the stream of agent-assembly', () => {
  it('a report counts what stands there, each event once, names what is missing, and leaves no consumer', async () => {
    const { server, publish, connection } = await auditServer();
    const entries = Array.from({ length: 600 }, (_, seq) =>
      auditEntry(seq, seq % 3 === 0 ? { decision: 2, host: 'evil.example' } : {}),
    );
    await publish(...entries.filter((_, seq) => seq !== 300), entries[5] ?? '', 'no record');
    const { stdout, stderr, code } = await machine().run(['report', '--json', server.url('AUDIT')]);
    expect(stderr).toContain(
      'fire and forget: may be incomplete; lossy (up to 1 record missing by their numbers; 1 record published twice and counted once)',
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      events: 599,
      malformed: 1,
      verdicts: { allow: 400, deny: 199 },
    });
    expect(await consumersOf(connection)).toBe(0);
  });

  it('one tenant is read alone, and an empty one is no error', async () => {
    const { server, publish, connection } = await auditServer();
    await publish(auditEntry(0));
    connection.publish('assembly.audit.other_eu.x', auditEntry(0, { agent: 1, host: 'other.example' }));
    await connection.flush();
    const read = async (place: string): Promise<string> =>
      (await machine().run(['report', server.url(place)])).stdout;
    expect(await read('AUDIT')).toMatch(
      /api\.github\.com[^]*other\.example|other\.example[^]*api\.github\.com/,
    );
    expect(await read('AUDIT/other.eu')).not.toContain('api.github.com');
    expect(await read('AUDIT/other.eu')).toContain('other.example');
    expect(await read('AUDIT/nobody')).toContain('0 decisions');
  });

  it('records that come while the server is killed and started again are printed once each, in order', async () => {
    const { server, publish } = await auditServer();
    await publish(auditEntry(0), auditEntry(1));
    const { env, path } = machine();
    const child = spawn(process.execPath, [CLI, 'log', '-f', '--json', server.url('AUDIT')], {
      cwd: path('work'),
      env,
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let printed = '';
    child.stdout.on('data', chunk => (printed += String(chunk)));
    const sequences = (): readonly number[] =>
      printed
        .split('\n')
        .slice(0, -1)
        .map(line => (JSON.parse(line) as { raw: { seq: number } }).raw.seq);
    await until(() => sequences().length === 2);
    let next = 2;
    for (let round = 0; round < 2; round += 1) {
      await server.kill();
      await server.restart();
      await until(() => publish(auditEntry(next)).then(() => true));
      await publish(auditEntry(next), auditEntry(next + 1)); // a runtime publishes again what it does not know to have arrived
      next += 2;
      const last = next;
      await until(() => sequences().length >= last, { describe: () => printed });
    }
    child.kill('SIGINT');
    await once(child, 'exit');
    expect(sequences()).toEqual(Array.from({ length: next }, (_, seq) => seq));
  });

  it('a reader with no other rights than to read is let in by its nkey, named by a flag or in the environment', async () => {
    const { folder, env, run } = machine();
    const [reader, writer] = [nkeyUser(folder, 'reader'), nkeyUser(folder, 'writer')];
    const api = ['STREAM.INFO.AUDIT', 'CONSUMER.CREATE.AUDIT.>'].map(name => `"$JS.API.${name}"`);
    const rights = `permissions: { publish: [${api.join(', ')}, "$JS.FC.AUDIT.>"], subscribe: "_INBOX.>" }`;
    const users = `{ nkey: ${reader.publicKey}, ${rights} }, { nkey: ${writer.publicKey} }`;
    const server = await natsServer(`authorization { users: [${users}] }`);
    const admin = await connect({
      servers: `127.0.0.1:${server.port}`,
      authenticator: nkeyAuthenticator(readFileSync(writer.seedFile)),
    });
    onTestFinished(() => admin.close());
    await (await jetstreamManager(admin)).streams.add({ name: 'AUDIT', subjects: ['assembly.audit.>'] });
    admin.publish('assembly.audit.acme.x', auditEntry(0));
    await admin.flush();
    expect((await run(['report', server.url('AUDIT')])).stderr).toContain(
      'does not let this user in (name the right file',
    );
    const named = ['report', '--nats-nkey', reader.seedFile, server.url('AUDIT')];
    expect((await run(named)).stdout).toContain('api.github.com');
    Object.assign(env, { EGRESSTOP_NATS_NKEY: reader.seedFile });
    expect((await run(['report', server.url('AUDIT')])).stdout).toContain('api.github.com');
  });

  it('a server without the stream is a failure with its remedy', async () => {
    const server = await natsServer();
    const { stderr, code } = await machine().run(['report', server.url('AUDIT')]);
    expect(code).toBe(1);
    expect(stderr).toContain('the server has no stream AUDIT (start the gateway of agent-assembly');
  });
});

it('a server that is not there is a failure with its remedy', async () => {
  const { stderr, code } = await machine().run(['report', 'nats://127.0.0.1:1/AUDIT']);
  expect(code).toBe(1);
  expect(stderr).toContain(
    'nats://127.0.0.1:1/AUDIT: error: 127.0.0.1:1: nothing listens there (start the server',
  );
});
