import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  connectNats,
  type LinkOptions,
  type LinkState,
  type NatsLink,
} from '../../../src/sources/nats/connect.ts';
import { readNatsCredentials, type NatsCredentialFiles } from '../../../src/sources/nats/credentials.ts';
import { parseNatsAddress } from '../../../src/sources/nats/nats-address.ts';
import { until } from '../../until.ts';
import { newFolder } from '../folder.ts';
import { hasNatsServer, natsServer, nkeyUser } from './nats-server.ts';

const QUICK = { firstMs: 5, lastMs: 40 };

async function link(
  url: string,
  files: NatsCredentialFiles = {},
  options: Partial<LinkOptions> = {},
): Promise<NatsLink> {
  const credentials = await readNatsCredentials(files);
  const link = await connectNats(parseNatsAddress(url), {
    credentials,
    name: 'test',
    isPatient: false,
    backOff: QUICK,
    ...options,
  });
  onTestFinished(() => link.close());
  return link;
}

describe.skipIf(!hasNatsServer)('a real server', () => {
  it('a link survives as many kills of its server as come, and says so each time', async () => {
    const server = await natsServer();
    const states: string[] = [];
    const { connection, isUp, version } = await link(
      server.url('t'),
      {},
      { onState: ({ type }) => states.push(type) },
    );
    expect(version()).toMatch(/^\d+\.\d+\.\d+/);
    const heard: string[] = [];
    connection.subscribe('x', { callback: (_, message) => void heard.push(message.string()) });
    for (const round of ['one', 'two', 'three']) {
      await server.kill();
      await until(() => !isUp());
      await server.restart();
      await until(isUp);
      connection.publish('x', round);
      await until(() => heard.at(-1) === round);
    }
    expect(states.filter((state, index) => state !== states[index - 1])).toEqual([
      'connected',
      ...Array.from({ length: 3 }, () => ['away', 'connected']).flat(),
    ]);
  });

  it('a patient link waits for a server that starts later; an impatient one fails with its remedy', async () => {
    const server = await natsServer();
    const url = server.url('t');
    await server.kill();
    await expect(link(url)).rejects.toMatchObject({
      message: `127.0.0.1:${server.port}: nothing listens there`,
      remedy: 'start the server, or check the address',
    });
    const states: LinkState[] = [];
    const waiting = link(url, {}, { isPatient: true, onState: state => states.push(state) });
    await until(() => states.length >= 2);
    expect(states).toContainEqual({
      type: 'away',
      why: 'nothing listens there',
      remedy: 'start the server, or check the address',
    });
    await server.restart();
    expect((await waiting).isUp()).toBe(true);
  });

  it('waiting for the first connection ends with its signal', async () => {
    const stopping = new AbortController();
    const server = await natsServer();
    await server.kill();
    const onState = (): void => stopping.abort();
    const waiting = link(server.url('t'), {}, { isPatient: true, signal: stopping.signal, onState });
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('an nkey user is let in, a stranger is not, and what is not permitted is told', async () => {
    const folder = newFolder();
    const [known, stranger] = [nkeyUser(folder, 'known'), nkeyUser(folder, 'stranger')];
    const rights = 'permissions: { publish: "a", subscribe: "_INBOX.>" }';
    const server = await natsServer(`authorization { users: [{ nkey: ${known.publicKey}, ${rights} }] }`);
    const states: LinkState[] = [];
    const onState = (state: LinkState): void => void states.push(state);
    const { connection, isUp } = await link(server.url('t'), { nkey: known.seedFile }, { onState });
    connection.publish('b', 'x');
    await until(() => states.some(({ type }) => type === 'refused'));
    expect(isUp()).toBe(true);
    for (const files of [{ nkey: stranger.seedFile }, {}])
      await expect(link(server.url('t'), files)).rejects.toThrow('does not let this user in');
  });

  it('a user is let in by the password in its file, and a wrong one is not', async () => {
    const folder = newFolder();
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text, { mode: 0o600 });
      return join(folder, name);
    };
    const server = await natsServer(`authorization { users: [{ user: ann, password: "right one" }] }`);
    const { isUp } = await link(server.url('t'), { password: file('right', 'ann\nright one\n') });
    expect(isUp()).toBe(true);
    await expect(link(server.url('t'), { password: file('wrong', 'ann\nwrong one\n') })).rejects.toThrow(
      'does not let this user in',
    );
  });

  it('a refused user is tried again for ever, because the server may learn of it later', async () => {
    const folder = newFolder();
    const late = nkeyUser(folder, 'late');
    const server = await natsServer(`authorization { users: [{ user: other, password: other }] }`);
    const states: LinkState[] = [];
    const stopping = new AbortController();
    const onState = (state: LinkState): void => void states.push(state);
    const options = { isPatient: true, onState, signal: stopping.signal };
    const waiting = link(server.url('t'), { nkey: late.seedFile }, options);
    await until(() => states.length >= 4);
    expect(states.every(state => state.type === 'away' && /let this user in/.test(state.why))).toBe(true);
    stopping.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('a server with TLS is trusted only by the authority that is named', async () => {
    const folder = newFolder();
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    const made = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      ...subject,
    ];
    execFileSync('openssl', [...made, '-keyout', key, '-out', cert], { stdio: 'ignore' });
    const server = await natsServer(`tls { cert_file: "${cert}", key_file: "${key}" }`);
    const url = `tls://127.0.0.1:${server.port}/t`;
    expect((await link(url, { ca: cert })).isUp()).toBe(true);
    await expect(link(url)).rejects.toThrow('the certificate of the server is not trusted');
  });
});

it('a token does not go unencrypted to another machine', async () => {
  const options = {
    credentials: { user: { type: 'token', text: 'x' }, tls: null },
    name: 'test',
    isPatient: false,
  } as const;
  await expect(connectNats(parseNatsAddress('nats://192.0.2.1/t'), options)).rejects.toMatchObject({
    exitCode: 2,
  });
});

/** A server that greets, and then answers what it hears. */
async function peer(greeting: string, answer: (heard: string) => string): Promise<string> {
  const server = createServer(socket => {
    socket.on('data', chunk => void socket.write(answer(chunk.toString('latin1'))));
    socket.on('error', () => undefined); // the client hung up
    socket.write(greeting);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `nats://127.0.0.1:${(server.address() as AddressInfo).port}/t`;
}

it('something that is no NATS server is told', async () => {
  const url = await peer('HTTP/1.1 400 Bad Request\r\n\r\n', () => '');
  await expect(link(url)).rejects.toThrow('unexpected response from server');
});

it('nothing that a server sends against the protocol is printed', async () => {
  const printed: unknown[] = [];
  const printer: { log: (...parts: readonly unknown[]) => void } = globalThis.console;
  const print = printer.log;
  printer.log = (...parts: readonly unknown[]) => void printed.push(...parts);
  onTestFinished(() => void (printer.log = print));
  const info = { server_id: 'x', version: '2.9.10', proto: 1, headers: true, max_payload: 1000 };
  const garbage = 'MSG x 1 2\r\nhi\r\n\u001B[31mGARBAGE\r\n';
  const answer = (heard: string): string =>
    `${heard.includes('PING') ? 'PONG\r\n' : ''}${heard.includes('SUB') ? garbage : ''}`;
  const { connection } = await link(await peer(`INFO ${JSON.stringify(info)}\r\n`, answer));
  await new Promise(resolve => connection.subscribe('x', { callback: () => void setImmediate(resolve) }));
  printer.log('other');
  expect(printed).toEqual(['other']);
});
