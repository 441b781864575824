import { execFileSync } from 'node:child_process';
import type { Report } from '../../src/report/report.ts';
import { peakMiB } from '../torture/resident.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { editLatencies } from './fleet/edit-latency.ts';
import { startFleetServer, type FleetServer } from './fleet/fleet-server.ts';
import { forked, type Forked } from './fleet/forked.ts';
import type { Pace } from './fleet/simulation.ts';
import { EVENTS_A_SECOND, type Sums } from './fleet/simulated-machine.ts';
import type { SimulatorAnswer } from './fleet/simulator.ts';
import { onDashboard } from './on-dashboard.ts';
import { pressWhile } from './fleet/press-while.ts';
import { NO_PEER, within, type Bench, type Row } from './row.ts';
import { cpuMsOf, PROGRAM } from './timed-run.ts';

const MACHINES = 10_000;
const FLEET = `fleet of ${MACHINES.toLocaleString('en')} machines`;
/** So much of the machines' time passes in one second of the clock. */
const TIME = 60;
/** Each machine ships once a minute of the clock, and then what an hour of its own brought. */
const COUNTERS: Pace = { rounds: 1, roundMs: 60_000, secondsLived: 60 * TIME, secondsABatch: 0 };
/** The same for half as long, and a batch of denials each five seconds. */
const RECORDS: Pace = { rounds: 1, roundMs: 30_000, secondsLived: 30 * TIME, secondsABatch: 5 };
const FIRST: Pace = { rounds: 1, roundMs: 0, secondsLived: 60, secondsABatch: 0 };
const EDITED_MACHINES = 1_000;
/** A dashboard is behind by no more than this once the last document is stored. */
const BEHIND_MS = 2_000;
const DEADLINE_MS = 60_000;

const totalOf = (sums: Sums): number => Object.values(sums).reduce((sum, count) => sum + count, 0);
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
const perSecond = (count: number, ms: number): string =>
  Math.round((count * 1_000) / ms).toLocaleString('en');

/** A fleet on one server: how fast it is stored and merged, whether a dashboard keeps up, and when an edit has reached all machines. */
export const fleet: Bench = {
  name: 'fleet',
  rows: async () => {
    const server = await startFleetServer();
    try {
      const simulator = await forked('simulator.ts', [`${server.port}`, `${MACHINES}`]);
      try {
        const rows = await watched(server, simulator);
        return [...rows, await edited(server)];
      } finally {
        await simulator.end();
      }
    } finally {
      await server.stop();
    }
  },
};

/** Publishes at a pace; what the server and the simulator spent on it is told. */
async function publish(simulator: Forked, pace: Pace): Promise<SimulatorAnswer> {
  return (await simulator.ask(pace)) as SimulatorAnswer; // simulator.ts sends nothing else
}

async function watched(server: FleetServer, simulator: Forked): Promise<readonly Row[]> {
  const before = cpuMsOf(server.pid);
  const first = await publish(simulator, FIRST);
  const serverMs = cpuMsOf(server.pid) - before;
  const stored: Row = {
    what: `${FLEET}: counters stored, each waiting for the answer of the server`,
    subject: `${perSecond(first.documents, first.tookMs)} documents a second (server: ${perSecond(first.documents, serverMs)} a CPU second)`,
    ...NO_PEER,
    budget: '-',
    isKept: null,
  };
  const startedAt = performance.now();
  const live = await onDashboard(server.url, async terminal => {
    await terminal.waitFor(decisions(first.sums), { deadlineMs: DEADLINE_MS });
    const startRows = started(terminal, first, performance.now() - startedAt);
    const counters = await followed(terminal, simulator, COUNTERS);
    const records = await followed(terminal, simulator, RECORDS);
    return { rows: [...startRows, ...counters.rows, ...records.rows, peak(terminal)], sums: records.sums };
  });
  return [stored, ...live.rows, exact(server, live.sums)];
}

const decisions = (sums: Sums): string => `${totalOf(sums).toLocaleString('en')} decisions`;

function started({ pid }: Terminal, { documents }: SimulatorAnswer, tookMs: number): readonly Row[] {
  const cpuMs = cpuMsOf(pid);
  return [
    {
      what: `${FLEET}: dashboard, from its start to exact totals of ${documents.toLocaleString('en')} documents`,
      subject: `${seconds(tookMs)} (CPU ${seconds(cpuMs)})`,
      ...NO_PEER,
      budget: '≤ 10 s',
      isKept: tookMs <= 10_000,
    },
    {
      what: `${FLEET}: counters merged`,
      subject: `${perSecond(documents, tookMs)} documents a second, ${perSecond(documents, cpuMs)} a CPU second`,
      ...NO_PEER,
      budget: '-',
      isKept: null,
    },
  ];
}

/** Follows while the simulator publishes, and meanwhile presses keys and waits for what they show. */
async function followed(
  terminal: Terminal,
  simulator: Forked,
  pace: Pace,
): Promise<{ readonly rows: readonly Row[]; readonly sums: Sums }> {
  const [before, startedAt] = [cpuMsOf(terminal.pid), performance.now()];
  const { value: answer, frames } = await pressWhile(terminal, publish(simulator, pace));
  const cores = (cpuMsOf(terminal.pid) - before) / (performance.now() - startedAt);
  const endedAt = performance.now();
  const isExact = await terminal
    .waitFor(decisions(answer.sums), { deadlineMs: DEADLINE_MS })
    .then(() => true)
    .catch(() => false);
  const behindMs = performance.now() - endedAt;
  const what = `${FLEET} × ${EVENTS_A_SECOND} events/s at ${TIME}× time, ${pace.secondsABatch === 0 ? 'counters' : 'counters, and 1 % denials as records'}`;
  const load = `${perSecond(answer.documents, answer.tookMs)} documents/s${answer.batches === 0 ? '' : ` and ${perSecond(answer.batches, answer.tookMs)} batches/s`}`;
  const late = answer.lateMs > 1_000 ? `, sent up to ${seconds(answer.lateMs)} late` : '';
  return {
    sums: answer.sums,
    rows: [
      {
        what: `${what}: dashboard keeps up`,
        subject: `${isExact ? `exact ${seconds(behindMs)} after the last of ${load}` : `not exact after ${load}`}${late}; ${cores.toFixed(2)} cores`,
        ...NO_PEER,
        budget: `exact within ${seconds(BEHIND_MS)}`,
        isKept: isExact && behindMs <= BEHIND_MS,
      },
      within(`${what}: key → frame`, frames, 50),
    ],
  };
}

function peak({ pid }: Terminal): Row {
  const mb = peakMiB(pid);
  return {
    what: `${FLEET}: dashboard, memory through all of this`,
    subject: `${mb.toFixed(0)} MiB at most`,
    ...NO_PEER,
    budget: '≤ 400 MiB',
    isKept: mb <= 400,
  };
}

/** The counts of a report at the end, verdict by verdict, beside those of the machines. */
function exact({ url }: FleetServer, sums: Sums): Row {
  const { verdicts: totals, events } = JSON.parse(
    execFileSync(PROGRAM, ['report', '--json', url], { maxBuffer: 2 ** 30 }).toString(),
  ) as Report; // we wrote it
  const isKept = totals.allow === sums.allow && totals.deny === sums.deny && events === totalOf(sums);
  return {
    what: `${FLEET}: allowed and denied, in a report at the end`,
    subject: `${totals.allow.toLocaleString('en')} and ${totals.deny.toLocaleString('en')}`,
    ...NO_PEER,
    budget: 'as the machines decided',
    isKept,
  };
}

async function edited(server: FleetServer): Promise<Row> {
  const latencies = await editLatencies(server, EDITED_MACHINES);
  return within(
    `Enter on an edit → acknowledged by ${EDITED_MACHINES.toLocaleString('en')} machines, all on this one`,
    latencies,
    2_000,
  );
}
