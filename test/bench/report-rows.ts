import { zephLog } from './data.ts';
import { reportPeers, type Peer } from './peers.ts';
import { median, type Bench, type Row } from './row.ts';
import { PROGRAM, timedRun, type TimedRun } from './timed-run.ts';

const RECORDS = 1_000_000;
const HOSTS = 1_000;
const ROUNDS = 5;
/** How many times as fast as a peer the report has to be. */
const BUDGETS: Readonly<Record<string, number>> = { DuckDB: 1, lnav: 15, goaccess: 20, jq: 100 };

const ours = (log: string): Promise<TimedRun> =>
  timedRun([process.execPath, PROGRAM, 'report', '--json', log]);

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;

/** Subject and peer take turns, so that whatever else the machine does meets both. */
async function against(peer: Peer, log: string): Promise<Row> {
  const budget = BUDGETS[peer.name] ?? 1;
  const what = `report --json on ${RECORDS.toLocaleString('en')} zeph records, whole process, against ${peer.name}`;
  const row = { what, budget: `≥ ${budget}×` };
  if (!peer.isThere) return { ...row, subject: '-', peer: 'not installed', ratio: '-', isKept: null };
  const [mine, theirs]: [TimedRun[], TimedRun[]] = [[], []];
  for (let round = 0; round < (budget > 10 ? 1 : ROUNDS); round += 1) {
    mine.push(await ours(log));
    theirs.push(await timedRun(peer.command(log), peer.env));
  }
  const [subjectMs, peerMs] = [mine, theirs].map(runs => median(runs.map(run => run.wallMs))) as [
    number,
    number,
  ];
  const [subjectCpu, peerCpu] = [mine, theirs].map(runs => median(runs.map(run => run.cpuMs))) as [
    number,
    number,
  ];
  return {
    ...row,
    subject: `${seconds(subjectMs)} (CPU ${seconds(subjectCpu)})`,
    peer: `${seconds(peerMs)} (CPU ${seconds(peerCpu)})`,
    ratio: `${(peerMs / subjectMs).toFixed(2)}× (CPU ${(peerCpu / subjectCpu).toFixed(2)}×)`,
    isKept: peerMs / subjectMs >= budget,
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
    const of = (runs: readonly TimedRun[], key: keyof TimedRun): number => median(runs.map(run => run[key]));
    const [time, memory] = [of(ten, 'wallMs') / of(one, 'wallMs'), of(ten, 'peakMb') / of(one, 'peakMb')];
    const what = 'report on ten times the data';
    return [
      {
        what: `${what}: time`,
        subject: seconds(of(ten, 'wallMs')),
        peer: `${seconds(of(one, 'wallMs'))} for a tenth`,
        ratio: `${time.toFixed(1)}×`,
        budget: '≤ 10.5×',
        isKept: time <= 10.5,
      },
      {
        what: `${what}: peak memory`,
        subject: `${of(ten, 'peakMb').toFixed(0)} MiB`,
        peer: `${of(one, 'peakMb').toFixed(0)} MiB for a tenth`,
        ratio: `${memory.toFixed(2)}×`,
        budget: '≤ 1.2×',
        isKept: memory <= 1.2,
      },
    ];
  },
};

/** The peak of a report in which nearly every host is a new one, and on ten times as many records of the same hosts. */
export const reportMemory: Bench = {
  name: 'report-memory',
  rows: async () => {
    const rows: Row[] = [];
    for (const records of [2_000_000, 20_000_000]) {
      const { peakMb } = await ours(await zephLog(records, 200_000));
      rows.push({
        what: `peak memory of report --json, ${(records / 2e6).toFixed(0)} M decisions on 200,000 hosts`,
        subject: `${peakMb.toFixed(0)} MiB`,
        peer: '-',
        ratio: '-',
        budget: '≤ 250 MiB',
        isKept: peakMb <= 250,
      });
    }
    return rows;
  },
};
