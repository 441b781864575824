import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { ProxyProcess } from '../mediator/squid.ts';
import { tunnelAt, World } from '../mediator/world.ts';
import { until } from '../until.ts';
import { MEDIATOR, ORIGIN, proxyPeers, type Contender } from './proxies.ts';
import { median, notMeasured, type Bench, type Row } from './row.ts';
import { cpuMsOf, residentMbOf } from './timed-run.ts';

const ROUNDS = 3;
const TUNNELS = 3_000;
/** Opened before anything is counted: a proxy is measured that has been up for a while. V8 compiles for the first 12,000 or so. */
const WARM_UP = 15_000;
const AT_ONCE = 20;
const STREAM_BYTES = 2 * 1024 ** 3;
const IDLE_TUNNELS = [1_000, 4_000] as const;

/** The work of one proxy: for a second of its own processor time, as one on all cores would else win by their number. */
interface Carried {
  readonly tunnels: number[];
  readonly mib: number[];
  readonly kibPerTunnel: number[];
}

/** Sends a stream to who asks for one, keeps the connection of who says nothing, and says goodbye to all others. */
function startOrigin(world: World): Promise<number> {
  const chunk = Buffer.alloc(262_144);
  const stream = (socket: Socket): void => {
    let sent = 0;
    const pump = (): void => {
      while (sent < STREAM_BYTES) {
        sent += chunk.length;
        if (!socket.write(chunk)) return void socket.once('drain', pump);
      }
      socket.end();
    };
    pump();
  };
  return world.tcp(socket => {
    socket.once('data', asked => (asked.toString() === 'stream' ? stream(socket) : socket.end('x')));
  });
}

async function openAndClose(wanted: number, { port }: ProxyProcess, origin: number): Promise<void> {
  for (let count = 0; count < wanted; count += AT_ONCE)
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        const { socket } = await tunnelAt(port, `${ORIGIN}:${origin}`);
        socket.write('short');
        socket.resume();
        await once(socket, 'end');
        socket.destroy();
      }),
    );
}

async function receive({ port }: ProxyProcess, origin: number): Promise<void> {
  const { socket } = await tunnelAt(port, `${ORIGIN}:${origin}`);
  let received = 0;
  socket.on('data', chunk => (received += chunk.length));
  socket.write('stream');
  await until(() => received >= STREAM_BYTES, { deadlineMs: 60_000 });
  socket.destroy();
}

/** How much of what it does a proxy does in a second of its processor time. */
async function perCpuSecond(
  amount: number,
  { pid }: ProxyProcess,
  work: () => Promise<void>,
): Promise<number> {
  const before = cpuMsOf(pid);
  await work();
  return (amount * 1_000) / (cpuMsOf(pid) - before);
}

/** The memory that a tunnel adds to many, so that the memory a runtime takes in advance is not counted. */
async function idleTunnelKib({ port, pid }: ProxyProcess, origin: number): Promise<number> {
  const sockets: Socket[] = [];
  const residentWith = async (tunnels: number): Promise<number> => {
    while (sockets.length < tunnels) sockets.push((await tunnelAt(port, `${ORIGIN}:${origin}`)).socket);
    await pause(1_000);
    return residentMbOf(pid);
  };
  const [few, many] = IDLE_TUNNELS;
  const before = await residentWith(few);
  const grown = (await residentWith(many)) - before;
  for (const socket of sockets) socket.destroy();
  return (grown * 1_024) / (many - few);
}

async function oneRound(proxy: ProxyProcess, origin: number, carried: Carried): Promise<void> {
  carried.tunnels.push(await perCpuSecond(TUNNELS, proxy, () => openAndClose(TUNNELS, proxy, origin)));
  carried.mib.push(await perCpuSecond(STREAM_BYTES / 1024 ** 2, proxy, () => receive(proxy, origin)));
}

/** All in turns; null for a peer that is not there. */
async function compare(contenders: readonly Contender[]): Promise<readonly (Carried | null)[]> {
  const world = new World();
  try {
    const origin = await startOrigin(world);
    const running = [];
    for (const { start } of contenders) {
      const proxy = (await start?.(world)) ?? null;
      const carried: Carried = { tunnels: [], mib: [], kibPerTunnel: [] };
      if (proxy) carried.kibPerTunnel.push(await idleTunnelKib(proxy, origin));
      if (proxy) await openAndClose(WARM_UP, proxy, origin);
      running.push({ proxy, carried });
    }
    for (let round = 0; round < ROUNDS; round += 1)
      for (const { proxy, carried } of running) if (proxy) await oneRound(proxy, origin, carried);
    return running.map(({ proxy, carried }) => (proxy ? carried : null));
  } finally {
    await world.end();
  }
}

/** The measures that are compared, the words for them, and whether there is a budget: at least as much as the peer. */
const MEASURES = [
  { key: 'mib', what: 'passthrough', unit: 'MiB a CPU second', budget: '≥ 1×', isMoreBetter: true },
  { key: 'tunnels', what: 'CONNECT', unit: 'tunnels a CPU second', budget: '≥ 1×', isMoreBetter: true },
  { key: 'kibPerTunnel', what: 'memory of an idle tunnel', unit: 'KiB', budget: '-', isMoreBetter: false },
] as const;

export const mediator: Bench = {
  name: 'mediator',
  rows: async () => {
    const peers = proxyPeers();
    const [ours, ...theirs] = await compare([MEDIATOR, ...peers]);
    if (!ours) throw new Error('the mediator did not start');
    return MEASURES.flatMap(({ key, what, unit, budget, isMoreBetter }) =>
      peers.map(({ name }, index): Row => {
        const against = `mediator, ${what}, against ${name}`;
        const their = theirs[index];
        if (!their) return notMeasured(against, budget, `${name} is not installed`);
        const [mine, other] = [median(ours[key]), median(their[key])];
        const ratio = isMoreBetter ? mine / other : other / mine;
        return {
          what: against,
          subject: `${mine.toFixed(0)} ${unit}`,
          peer: `${other.toFixed(0)} ${unit}`,
          ratio: `${ratio.toFixed(2)}×`,
          budget,
          isKept: budget === '-' ? null : ratio >= 1,
        };
      }),
    );
  },
};
