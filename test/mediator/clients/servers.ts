import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { userInfo } from 'node:os';
import { WebSocketServer } from 'ws';
import type { World } from '../world.ts';
import { startGrpc } from './grpc-service.ts';

const SSHD = '/usr/sbin/sshd';

/** A gRPC server in the world; its port. `cancelled` is told of calls that their client gave up. */
export async function grpcServer(world: World, host: string, cancelled: () => void): Promise<number> {
  const { port, stop } = await startGrpc(await world.leafFor(host), cancelled);
  world.atEnd(stop);
  return port;
}

/** A server that asks for a client certificate, and the certificate and key of that client in the folder of the world; its port. */
export async function mutualServer(world: World, host: string): Promise<number> {
  const { key, certificate } = await world.leafFor(host);
  const [clientKey, client] = [join(world.folder, 'client.key'), join(world.folder, 'client.pem')];
  const name = ['-subj', '/CN=client.example', '-addext', 'extendedKeyUsage=clientAuth', '-days', '2'];
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  if (!existsSync(client))
    execFileSync('openssl', [...made, '-keyout', clientKey, '-out', client, ...name], { stdio: 'ignore' });
  const ca = readFileSync(client);
  return world.listen(
    createServer({ key, cert: certificate, ca, requestCert: true, rejectUnauthorized: true }, (_, answer) =>
      answer.end('plain answer'),
    ),
  );
}

/** A WebSocket server that sends back each message; its port. */
export async function webSocketServer(world: World, host: string): Promise<number> {
  const { key, certificate } = await world.leafFor(host);
  const server = createServer({ key, cert: certificate });
  new WebSocketServer({ server }).on('connection', socket =>
    socket.on('message', (message, isBinary) => socket.send(message, { binary: isBinary })),
  );
  return world.listen(server);
}

/** OpenSSH's server, one process for each connection, for the user of this process with the key in the folder of the world; its port. */
export async function sshServer(world: World, host: string): Promise<number> {
  const [hostKey, userKey] = [join(world.folder, `ssh-${host}`), join(world.folder, 'ssh-user')];
  for (const key of [hostKey, userKey])
    if (!existsSync(key)) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 }); // as Debian's service does
  const settings = [
    `HostKey ${hostKey}`,
    `AuthorizedKeysFile ${userKey}.pub`,
    'PermitRootLogin yes',
    'StrictModes no',
    'UsePAM no',
    'PrintMotd no',
  ];
  const path = `${hostKey}.conf`;
  writeFileSync(path, `${settings.join('\n')}\n`);
  return world.tcp(socket => {
    const child = spawn(SSHD, ['-i', '-e', '-f', path], { stdio: ['pipe', 'pipe', 'ignore'] });
    child.on('error', () => socket.destroy());
    child.stdin.on('error', () => socket.destroy());
    socket.pipe(child.stdin);
    child.stdout.pipe(socket);
  });
}
