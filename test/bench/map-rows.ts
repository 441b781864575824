import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readShippedMaps } from '../../src/systems/maps/shipped-maps.ts';
import { BENCH_FOLDER, zephLog } from './data.ts';
import { median, type Bench, type Row } from './row.ts';
import { PROGRAM, timedRun } from './timed-run.ts';

const RECORDS = 300_000;
const ROUNDS = 3;
/** A mapped log may take so many times as long as one of a built-in system with as many records. */
const MOST = 3;

/** A log of flat records, one of fields within objects, and one whose agents have a port of their own each. */
const MAPS: ReadonlySet<string> = new Set(['smokescreen', 'hubble', 'envoy']);

/** Logs of maps: the first sample of each, with other hosts, times and ports. */
export const maps: Bench = {
  name: 'maps',
  rows: async () => {
    const built = await cpuMsOf(await zephLog(RECORDS, 50));
    const rows: Row[] = [];
    for (const { name, samples } of await readShippedMaps())
      if (MAPS.has(name))
        rows.push(rowOf(name, await cpuMsOf(mappedLog(name, samples[0]?.line ?? '')), built));
    return rows;
  },
};

function rowOf(name: string, mine: number, built: number): Row {
  return {
    what: `report on ${RECORDS.toLocaleString('en')} records of the map ${name}, whole process, against as many of zeph`,
    subject: `CPU ${(mine / 1_000).toFixed(2)} s`,
    peer: `CPU ${(built / 1_000).toFixed(2)} s`,
    ratio: `${(mine / built).toFixed(2)}×`,
    budget: `≤ ${MOST}×`,
    isKept: mine / built <= MOST,
  };
}

async function cpuMsOf(log: string): Promise<number> {
  const runs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) runs.push((await timedRun([PROGRAM, 'report', log])).cpuMs);
  return median(runs);
}

/** The sample again and again: the seconds of its times, its names and its client ports go on. */
function mappedLog(name: string, sample: string): string {
  mkdirSync(BENCH_FOLDER, { recursive: true });
  const path = join(BENCH_FOLDER, `map-1-${name}-${RECORDS}.jsonl`);
  if (existsSync(path)) return path;
  const lines = Array.from({ length: RECORDS }, (_, index) =>
    sample
      .replaceAll(/T\d\d:\d\d:\d\d/g, `T${clockOf(index)}`)
      .replaceAll(/(echo-|intake\.|billing)/g, `$1${index % 50}`)
      .replaceAll(/(remote_addr(?:ess)?":"[\w.]+):\d+/g, `$1:${20_000 + (index % 30_000)}`),
  );
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

const clockOf = (seconds: number): string =>
  [Math.floor(seconds / 3_600) % 24, Math.floor(seconds / 60) % 60, seconds % 60]
    .map(part => String(part).padStart(2, '0'))
    .join(':');
