import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '../until.ts';
import { freePort, hasSquid, startProxy, startSquidProcess, type ProxyProcess } from './squid.ts';
import { tunnelAt, World } from './world.ts';

/** `node test/mediator/compare.ts`: tunnels and bytes that each proxy carries for a second of its own processor time, in one run. */
const TUNNELS = 6000;
/** Opened before anything is counted: what is measured is a proxy that has been up for a while. */
const WARM_UP = 6000;
const AT_ONCE = 20;
const STREAM_BYTES = 2 * 1024 ** 3;
const TICKS_PER_SECOND = 100;

/** Seconds of processor time a process has used (`proc(5)`: fields 14 and 15 of stat). */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

async function ours(world: World): Promise<ProxyProcess> {
  const port = await freePort();
  world.writePolicy('passthrough:\n  - pinned.example\n');
  const flags = {
    policy: world.policyPath,
    mode: 'strict',
    listen: `127.0.0.1:${port}`,
    resolve: ['pinned.example:127.0.0.1'],
    audit: join(world.folder, 'audit', 'audit.jsonl'), // not beside the policy, as by default: that folder is watched
    socket: join(world.folder, 'mediator.sock'),
  };
  const program = fileURLToPath(new URL('run-program.ts', import.meta.url));
  return startProxy(world, port, process.execPath, [program, 'mediator', JSON.stringify(flags)]);
}

async function sandboxRuntime(world: World): Promise<ProxyProcess> {
  const port = await freePort();
  const program = fileURLToPath(new URL('sandbox-runtime-program.ts', import.meta.url));
  return startProxy(world, port, process.execPath, [program, String(port)]);
}

async function tunnels(proxy: ProxyProcess, origin: number): Promise<number> {
  await openTunnels(WARM_UP, proxy, origin);
  const before = cpuSeconds(proxy.pid);
  await openTunnels(TUNNELS, proxy, origin);
  return TUNNELS / (cpuSeconds(proxy.pid) - before);
}

async function openTunnels(wanted: number, proxy: ProxyProcess, origin: number): Promise<void> {
  for (let count = 0; count < wanted; count += AT_ONCE)
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        const { socket } = await tunnelAt(proxy.port, `pinned.example:${origin}`);
        socket.write('short');
        socket.resume();
        await once(socket, 'end');
        socket.destroy();
      }),
    );
}

async function stream(proxy: ProxyProcess, origin: number): Promise<number> {
  const before = cpuSeconds(proxy.pid);
  const { socket } = await tunnelAt(proxy.port, `pinned.example:${origin}`);
  let received = 0;
  socket.on('data', chunk => (received += chunk.length));
  socket.write('stream');
  await until(() => received >= STREAM_BYTES, { deadlineMs: 60_000 });
  socket.destroy();
  return STREAM_BYTES / 1024 ** 2 / (cpuSeconds(proxy.pid) - before);
}

const world = new World();
try {
  const chunk = Buffer.alloc(262_144);
  const origin = await world.tcp(socket => {
    let sent = 0;
    const pump = (): void => {
      while (sent < STREAM_BYTES) {
        sent += chunk.length;
        if (!socket.write(chunk)) return void socket.once('drain', pump);
      }
      socket.end();
    };
    socket.once('data', asked => (asked.toString() === 'stream' ? pump() : socket.end('x')));
  });
  const proxies: [string, ProxyProcess][] = [
    ['egresstop', await ours(world)],
    ['sandbox-runtime', await sandboxRuntime(world)],
  ];
  if (hasSquid)
    proxies.push(['squid', await startSquidProcess(world, ['pinned.example'], ['pinned.example'])]);
  for (const [name, proxy] of proxies) {
    const tunnelsPerCpuSecond = Math.round(await tunnels(proxy, origin));
    const mibPerCpuSecond = Math.round(await stream(proxy, origin));
    process.stdout.write(`${JSON.stringify({ name, tunnelsPerCpuSecond, mibPerCpuSecond })}\n`);
  }
} finally {
  await world.end();
}
