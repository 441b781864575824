import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Traffic } from '../../../src/core/traffic/traffic.ts';
import { BulkCounter } from '../../../src/reading/by-bytes/bulk-counter.ts';
import { LineDecoder, type Decoded } from '../../../src/reading/line-decoder.ts';
import { buildReport, type Report } from '../../../src/report/report.ts';
import { followSources } from '../../../src/sources/follow.ts';
import { readLines } from '../../../src/sources/read-file.ts';
import type { LineBatch } from '../../../src/sources/source.ts';
import { SYSTEMS } from '../../../src/systems/index.ts';
import { newFolder } from '../../sources/folder.ts';
import { until } from '../../until.ts';

const NOW = Date.UTC(2026, 10, 20);

/** The report without its problems, which name the wrapping. */
export const counts = (traffic: Traffic): Partial<Report> => ({ ...buildReport(traffic), problems: [] });

const into = (traffic: Traffic): Decoded => ({
  event: event => traffic.add(event, NOW),
  unrecognised: (event, record) => traffic.addUnrecognised(event, record),
  malformed: problem => traffic.addMalformed(problem),
  notice: problem => traffic.addProblem(problem),
});

export async function plain(path: string): Promise<Traffic> {
  const traffic = new Traffic();
  const decoder = new LineDecoder(SYSTEMS);
  for await (const batch of readLines(path)) decoder.decode(batch, into(traffic));
  decoder.end(path, into(traffic));
  return traffic;
}

export function bulk(source: string, bytes: Buffer, chunkBytes: number): Traffic {
  const traffic = new Traffic();
  const counter = new BulkCounter({
    source,
    systems: SYSTEMS,
    measuresDurations: false,
    counted: table => traffic.addTable(table, { from: 0, to: table.size }),
    unrecognised: record => traffic.countUnrecognised({ ...record, count: 1 }),
    malformed: problem => traffic.addMalformed(problem),
    notice: problem => traffic.addProblem(problem),
  });
  for (let start = 0; start < bytes.length; start += chunkBytes)
    counter.push({ bytes: Buffer.from(bytes.subarray(start, start + chunkBytes)) });
  counter.end();
  counter.flush();
  return traffic;
}

/** The half that stands there at first, then the rest. */
async function live(path: string, bytes: Buffer): Promise<Traffic> {
  const traffic = new Traffic();
  const decoder = new LineDecoder(SYSTEMS);
  let lines = 0;
  const half = Math.floor(bytes.length / 2);
  writeFileSync(path, bytes.subarray(0, half));
  const following = followSources(
    [{ type: 'path', path }],
    {
      lines: (batch: LineBatch) => {
        lines += batch.lines.length;
        decoder.decode(batch, into(traffic));
      },
      status: () => undefined,
    },
    { pollMs: 20 },
  );
  onTestFinished(() => following.stop());
  await following.caughtUp;
  appendFileSync(path, bytes.subarray(half));
  const wanted = bytes.toString('latin1').split('\n').length - 1;
  await until(() => lines === wanted);
  await following.stop();
  return traffic;
}

/** The traffic of these lines: line by line, by the bytes in large and small chunks, and live from a file that grows. */
export async function threeWays(lines: readonly string[]): Promise<readonly Traffic[]> {
  const path = join(newFolder(), 'a.jsonl');
  const bytes = Buffer.from(`${lines.join('\n')}\n`);
  writeFileSync(path, bytes);
  return [await plain(path), bulk(path, bytes, 1 << 20), bulk(path, bytes, 997), await live(path, bytes)];
}
