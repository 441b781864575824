import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeZephLog } from './zeph-log.ts';
import type { ZephShape } from './zeph-shapes.ts';

/** Where logs and peers are kept between two runs: outside the project and its dependencies. */
export const BENCH_FOLDER = join(tmpdir(), 'egresstop-bench');

/** A generated log, made when it is not there yet: the same bytes on every machine. */
export async function zephLog(
  records: number,
  hosts: number,
  shape: ZephShape = 'requests',
): Promise<string> {
  mkdirSync(BENCH_FOLDER, { recursive: true });
  const path = join(BENCH_FOLDER, `zeph-3-${shape}-${records}-${hosts}.jsonl`);
  if (!existsSync(path)) await writeZephLog({ path, shape, records, hosts });
  return path;
}

/** One decision as zeph writes it, dated now. */
export const zephRecord = (host: string, response_bytes: number): string =>
  `${JSON.stringify({ timestamp: String(Math.floor(Date.now() / 1_000)), kind: 'egress', correlation_id: 'b', tool: 'fetch', url: `https://${host}/`, host, method: 'GET', status: 200, duration_ms: 1, response_bytes })}\n`;
