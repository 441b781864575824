import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeZephLog } from './zeph-log.ts';

/** Where logs and peers are kept between two runs: outside the project and its dependencies. */
export const BENCH_FOLDER = join(tmpdir(), 'egresstop-bench');

/** A generated log, made when it is not there yet. */
export async function zephLog(records: number, hosts: number): Promise<string> {
  mkdirSync(BENCH_FOLDER, { recursive: true });
  const path = join(BENCH_FOLDER, `zeph-2-${records}-${hosts}.jsonl`);
  if (!existsSync(path)) await writeZephLog({ path, records, hosts });
  return path;
}
