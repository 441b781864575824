import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { newFolder } from '../sources/folder.ts';
import { until } from '../until.ts';
import { followLog } from './programs/follow-log.ts';
import { peakMiB } from './resident.ts';
import { scaled } from './scale.ts';

const record = (n: number): string =>
  `{"event":"egress_allow","host":"h${n % 97}.example","ts":"2026-11-19T08:00:00Z","event_id":"e${n}","n":${n}}\n`;

/** Resolves once the bytes are gone, or the peer is. */
const written = (socket: Socket, bytes: string | Buffer): Promise<void> =>
  new Promise(resolve => socket.write(bytes, () => resolve()));

const noise = Buffer.from(Array.from({ length: 65_536 }, (_, i) => (i * 7919 + (i >> 3)) & 0xff));
const hello =
  '{"type":"hello","protocol":1,"mediator":"x","version":"0","mode":"strict","listen":"127.0.0.1:1","policy":{"path":"/p","revision":"sha256:0"},"audit":null}\n';

/** One connection's misdeeds before it behaves. */
const misdeeds: readonly ((socket: Socket) => Promise<void>)[] = [
  async () => {},
  async socket => written(socket, Buffer.concat([noise, Buffer.from('\n')])),
  async socket => {
    for (let i = 0; i < 400; i++) await written(socket, Buffer.alloc(1024 * 1024, 'x'));
    await written(socket, '\n');
  },
  async socket => {
    for (let i = 0; i < scaled(20_000); i++) await written(socket, '{"type":"policy","status":"applied"}\n');
  },
  async socket => {
    await written(socket, `${hello}${hello}{"type":"dropped","count":-1}\n{"type":"dropped","count":"x"}\n`);
    await written(
      socket,
      '{"type":"hello","protocol":{"a":[]}}\n{"type":[]}\n[]\nnull\n{"type":"constructor"}\n',
    );
  },
];

it('a socket peer that floods, stalls, sends garbage and hangs up costs no line of those that came whole', async () => {
  const path = join(newFolder(), 'hostile.sock');
  let [connections, n] = [0, 0];
  const open = new Set<Socket>();
  const server = createServer(socket => {
    open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => open.delete(socket));
    void misbehave(socket, misdeeds[connections++ % misdeeds.length]);
  });
  const misbehave = async (socket: Socket, misdeed: (typeof misdeeds)[number] | undefined): Promise<void> => {
    await misdeed?.(socket);
    for (let i = 0; i < 1_000; i++) await written(socket, record(n++));
    await until(() => followed.numbers('n').size >= n || socket.destroyed, { deadlineMs: 60_000 });
    socket.end('{"event":"egress_allow","host":"cut');
  };
  server.listen(path);
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  const followed = followLog([`unix:${path}`]);
  const rounds = misdeeds.length;
  const describe = (): string =>
    `${connections} connections, ${followed.lines().length} of ${n} heard; ${followed.problems().slice(-400)}`;
  await until(() => connections > rounds && n >= 1_000 * rounds, { deadlineMs: 300_000, describe });
  const times = followed.numbers('n');
  const wrong = Array.from({ length: 1_000 * rounds }, (_, i) => i).filter(i => times.get(i) !== 1);
  expect(wrong).toEqual([]);
  expect(peakMiB(followed.process.pid ?? 0)).toBeLessThan(300);
});
