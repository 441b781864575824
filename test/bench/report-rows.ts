import { zephLog } from './data.ts';
import { reportPeers, type Peer } from './peers.ts';
import { median, notMeasured, type Bench, type Row } from './row.ts';
import { PROGRAM, timedRun, type TimedRun } from './timed-run.ts';

const RECORDS = 1_000_000;
const HOSTS = 1_000;
/** How many times as fast as a peer the report has to be, and how often the two take turns: once where a turn takes half a minute. */
const BUDGETS: Readonly<Record<string, { readonly least: number | null; readonly rounds: number }>> = {
  DuckDB: { least: 1, rounds: 5 },
  lnav: { least: 15, rounds: 3 },
  goaccess: { least: 20, rounds: 3 },
  jq: { least: 100, rounds: 1 },
  Miller: { least: null, rounds: 1 },
};

const ours = (log: string): Promise<TimedRun> => timedRun([PROGRAM, 'report', '--json', log]);

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;

const medianOf = (runs: readonly TimedRun[], key: keyof TimedRun): number =>
  median(runs.map(run => run[key]));

/** Subject and peer take turns, so that whatever else the machine does meets both. */
async function against(peer: Peer, log: string): Promise<Row> {
  const { least = null, rounds = 3 } = BUDGETS[peer.name] ?? {};
  const what = `report --json on ${RECORDS.toLocaleString('en')} zeph records, whole process, against ${peer.name}`;
  const budget = least === null ? '-' : `≥ ${least}×`;
  if (!peer.isThere) return notMeasured(what, budget, `${peer.name} is not installed`);
  const [mine, theirs]: [TimedRun[], TimedRun[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    mine.push(await ours(log));
    theirs.push(await timedRun(peer.command(log), peer.env));
  }
  const shown = (runs: readonly TimedRun[]): string =>
    `${seconds(medianOf(runs, 'wallMs'))} (CPU ${seconds(medianOf(runs, 'cpuMs'))})`;
  const ratio = (key: keyof TimedRun): number => medianOf(theirs, key) / medianOf(mine, key);
  return {
    what,
    budget,
    subject: shown(mine),
    peer: `${shown(theirs)}${rounds === 1 ? ', one run' : ''}`,
    ratio: `${ratio('wallMs').toFixed(2)}× (CPU ${ratio('cpuMs').toFixed(2)}×)`,
    isKept: least === null ? null : ratio('wallMs') >= least,
  };
}

export const report: Bench = {
  name: 'report',
  rows: async () => {
    const log = await zephLog(RECORDS, HOSTS);
    await ours(log); // the page cache, and the compile cache, are warm for everybody
    const rows: Row[] = [];
    for (const peer of reportPeers()) rows.push(await against(peer, log));
    return rows;
  },
};

export const tenfold: Bench = {
  name: 'tenfold',
  rows: async () => {
    const [small, large] = [await zephLog(RECORDS, HOSTS), await zephLog(10 * RECORDS, HOSTS)];
    const [one, ten]: [TimedRun[], TimedRun[]] = [[], []];
    for (let round = 0; round < 3; round += 1) {
      one.push(await ours(small));
      ten.push(await ours(large));
    }
    const [time, memory] = (['wallMs', 'peakMb'] as const).map(
      key => medianOf(ten, key) / medianOf(one, key),
    ) as [number, number];
    const what = 'report on ten times the data';
    return [
      {
        what: `${what}: time`,
        subject: seconds(medianOf(ten, 'wallMs')),
        peer: `${seconds(medianOf(one, 'wallMs'))} for a tenth`,
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
  },
};
