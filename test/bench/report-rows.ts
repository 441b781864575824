import { zephLog } from './data.ts';
import { reportPeers, type Peer } from './peers.ts';
import { median, notMeasured, type Bench, type Row } from './row.ts';
import { PROGRAM, timedRun, type TimedRun } from './timed-run.ts';
import type { ZephShape } from './zeph-shapes.ts';

const RECORDS = 1_000_000;
/** Distinct hosts of each shape. */
const HOSTS: Readonly<Record<ZephShape, number>> = { requests: 1_000, decisions: 2_000, agents: 1_000 };
const SHAPES = ['requests', 'decisions', 'agents'] as const satisfies readonly ZephShape[];
/** How many times as fast as a peer the report has to be, and how often the two take turns: once where a turn takes half a minute. */
const BUDGETS: Readonly<Record<string, { readonly least: number | null; readonly rounds: number }>> = {
  DuckDB: { least: 1.5, rounds: 3 },
  lnav: { least: 15, rounds: 1 },
  goaccess: { least: 20, rounds: 1 },
  jq: { least: 50, rounds: 1 },
  Miller: { least: null, rounds: 1 },
};

const ours = (log: string): Promise<TimedRun> => timedRun([PROGRAM, 'report', '--json', log]);

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;

const medianOf = (runs: readonly TimedRun[], key: keyof TimedRun): number =>
  median(runs.map(run => run[key]));

/** Subject and peer on one log. */
interface Turns {
  readonly shape: ZephShape;
  readonly mine: readonly TimedRun[];
  readonly theirs: readonly TimedRun[];
}

/** How many times as much of it the peer took. */
const ratioOf = ({ mine, theirs }: Turns, key: keyof TimedRun): number =>
  medianOf(theirs, key) / medianOf(mine, key);

const ratioIn = (turns: Turns): string =>
  `${ratioOf(turns, 'wallMs').toFixed(2)}× (CPU ${ratioOf(turns, 'cpuMs').toFixed(2)}×)`;

const timesIn = (runs: readonly TimedRun[]): string =>
  `${seconds(medianOf(runs, 'wallMs'))} (CPU ${seconds(medianOf(runs, 'cpuMs'))})`;

/** Logs that were read, so that the page cache, and the compile cache, are warm for everybody. */
const warmed = new Set<string>();

/** Subject and peer take turns, so that whatever else the machine does meets both. */
async function turnsOn(shape: ZephShape, { command, env }: Asked, rounds: number): Promise<Turns> {
  const log = await zephLog(RECORDS, HOSTS[shape], shape);
  if (!warmed.has(log)) await ours(log);
  warmed.add(log);
  const [mine, theirs]: [TimedRun[], TimedRun[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    mine.push(await ours(log));
    theirs.push(await timedRun(command(log), env));
  }
  return { shape, mine, theirs };
}

type Asked = Pick<Peer, 'command' | 'env'>;

/** The turns on all shapes, the worst ratio first. */
async function turnsWith(asked: Asked, rounds: number): Promise<readonly [Turns, ...Turns[]]> {
  const [first, ...rest] = SHAPES;
  const all: [Turns, ...Turns[]] = [await turnsOn(first, asked, rounds)];
  for (const shape of rest) all.push(await turnsOn(shape, asked, rounds));
  return all.sort((one, other) => ratioOf(one, 'wallMs') - ratioOf(other, 'wallMs'));
}

const WHAT = `report --json on ${RECORDS.toLocaleString('en')} zeph records, whole process`;

/** The log on which the peer does best gives the verdict; the other ratios stand behind. */
async function against(peer: Peer): Promise<Row> {
  const { least = null, rounds = 3 } = BUDGETS[peer.name] ?? {};
  const what = `${WHAT}, against ${peer.name}`;
  const budget = least === null ? '-' : `≥ ${least}× on the worst log`;
  if (!peer.isThere) return notMeasured(what, budget, `${peer.name} is not installed`);
  const [worst, ...others] = await turnsWith(peer, rounds);
  return {
    what: `${what}, log of ${worst.shape}`,
    budget,
    subject: timesIn(worst.mine),
    peer: `${timesIn(worst.theirs)}${rounds === 1 ? ', one run' : ''}`,
    ratio: [ratioIn(worst), ...others.map(turns => `${turns.shape} ${ratioIn(turns)}`)].join('; '),
    isKept: least === null ? null : ratioOf(worst, 'wallMs') >= least,
  };
}

/** `wc -l` does no more than to look for line feeds: the least that any reader of the log has to do. */
async function againstNewlines(): Promise<Row> {
  const [worst, ...others] = await turnsWith({ command: log => ['wc', '-l', log] }, 3);
  const share = (turns: Turns): string => `${(100 * ratioOf(turns, 'cpuMs')).toFixed(0)} %`;
  return {
    what: `${WHAT}: how fast in proportion to the search for line feeds alone (wc -l), log of ${worst.shape}`,
    budget: '-',
    subject: timesIn(worst.mine),
    peer: timesIn(worst.theirs),
    ratio: [
      `${share(worst)} of its speed by CPU`,
      ...others.map(turns => `${turns.shape} ${share(turns)}`),
    ].join('; '),
    isKept: null,
  };
}

/** Every peer, the one that comes nearest first, and what no reader can do without. */
export const report: Bench = {
  name: 'report',
  rows: async () => {
    const rows: Row[] = [];
    for (const peer of reportPeers()) rows.push(await against(peer));
    return [...rows, await againstNewlines()];
  },
};

export const tenfold: Bench = {
  name: 'tenfold',
  rows: async () => [...(await tenTimes('requests')), ...(await tenTimes('decisions'))],
};

async function tenTimes(shape: ZephShape): Promise<readonly Row[]> {
  const [small, large] = [
    await zephLog(RECORDS, HOSTS[shape], shape),
    await zephLog(10 * RECORDS, HOSTS[shape], shape),
  ];
  const [one, ten]: [TimedRun[], TimedRun[]] = [[], []];
  for (let round = 0; round < 3; round += 1) {
    one.push(await ours(small));
    ten.push(await ours(large));
  }
  const [time, memory] = (['wallMs', 'peakMb'] as const).map(
    key => medianOf(ten, key) / medianOf(one, key),
  ) as [number, number];
  const what = `report on ten times the data, log of ${shape}`;
  return [
    {
      what: `${what}: time`,
      subject: timesIn(ten),
      peer: `${timesIn(one)} for a tenth`,
      ratio: `${time.toFixed(1)}×`,
      budget: '≤ 10.5×',
      isKept: time <= 10.5,
    },
    {
      what: `${what}: peak memory`,
      subject: `${medianOf(ten, 'peakMb').toFixed(0)} MiB`,
      peer: `${medianOf(one, 'peakMb').toFixed(0)} MiB for a tenth`,
      ratio: `${memory.toFixed(2)}×`,
      budget: '≤ 1.2×',
      isKept: memory <= 1.2,
    },
  ];
}
