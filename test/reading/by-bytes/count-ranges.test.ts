import { appendFileSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countRanges } from '../../../src/reading/by-bytes/count-ranges.ts';
import { memoryOf } from '../../../src/core/traffic/sums/sum-table.ts';
import { RangeCounter, type CountsRanges } from '../../../src/reading/by-bytes/range-counter.ts';
import { Traffic } from '../../../src/core/traffic/traffic.ts';
import { buildReport } from '../../../src/report/report.ts';
import { openInRanges } from '../../../src/sources/lines/line-ranges.ts';
import { SYSTEMS } from '../../../src/systems/index.ts';
import { newFolder } from '../../sources/folder.ts';
import { decoded, generatedLog, spelled } from '../generated-log.ts';
import { fixturePath } from '../../commands/program.ts';
import { sized } from '../../runs.ts';

interface Divided {
  readonly cuts: readonly number[];
  /** The fate of the file once it is open. */
  readonly meanwhile?: (path: string) => void;
  readonly counter?: (counter: CountsRanges, stop: () => void) => CountsRanges;
}

/** As another thread would send it. */
const sent = (counter: CountsRanges): CountsRanges => ({
  count: async range => {
    const count = await counter.count(range);
    return structuredClone(count, { transfer: count.tables.flatMap(memoryOf) });
  },
});

/** A log counted in ranges, by two side by side. Null where it was left whole. */
async function counted(
  path: string,
  { cuts, meanwhile, counter = sent }: Divided,
): Promise<ReturnType<typeof buildReport> | null> {
  const file = await openInRanges(path, () => cuts);
  if (!file) return null;
  meanwhile?.(path);
  const traffic = new Traffic();
  const stop = new AbortController();
  const own = (): CountsRanges =>
    new RangeCounter({ source: 'a.jsonl', fd: file.fd, systems: SYSTEMS, signal: stop.signal });
  const counters = [own(), own()].map(one => counter(one, () => stop.abort()));
  await countRanges({ ranges: file.ranges, counters, instead: own, signal: stop.signal }, traffic);
  await file.close();
  return buildReport(traffic);
}

function logOf(bytes: Buffer): string {
  const path = join(newFolder(), 'a.jsonl');
  writeFileSync(path, bytes);
  return path;
}

const LOG = readFileSync(fixturePath('zeph-audit.jsonl'));
const MANY = Buffer.concat(Array<Buffer>(50).fill(LOG));
/** Every tenth of it. */
const CUTS = Array.from({ length: 9 }, (_, index) => Math.floor((MANY.length * (index + 1)) / 10));

describe('counting in ranges is counting from start to end', () => {
  it('any lines are counted in ranges as from start to end, wherever they are divided', async () => {
    const path = logOf(Buffer.alloc(0));
    await fc.assert(
      fc.asyncProperty(
        generatedLog,
        fc.array(fc.nat(4_000), { minLength: 1, maxLength: 8 }),
        async (bytes, cuts) => {
          writeFileSync(path, bytes);
          const report = await counted(path, { cuts: cuts.sort((one, other) => one - other) });
          fc.pre(report !== null);
          expect(spelled(report)).toBe(spelled(decoded(bytes)));
        },
      ),
      { numRuns: sized(20, 150, 50) },
    );
  });

  it('a line over 1 MiB belongs to one range, and a BOM counts at the start alone', async () => {
    const bytes = Buffer.concat([
      Buffer.from('\ufeff'),
      LOG,
      Buffer.from('\ufeff'),
      LOG,
      Buffer.alloc(1_500_000, 'x'),
      Buffer.from('\nnot JSON\n'),
      LOG,
    ]);
    const cuts = [LOG.length, 2 * LOG.length + 100_000, 2 * LOG.length + 1_200_000];
    const report = await counted(logOf(bytes), { cuts });
    expect(report).toEqual(decoded(bytes));
    expect(report?.malformed).toBeGreaterThan(1);
  });

  it('what is appended meanwhile is counted, and a half line after it told', async () => {
    const report = await counted(logOf(MANY), {
      cuts: CUTS,
      meanwhile: path => appendFileSync(path, Buffer.concat([LOG, Buffer.from('{"ti')])),
    });
    expect(report).toEqual(decoded(Buffer.concat([MANY, LOG, Buffer.from('{"ti')])));
  });

  it('a log that is rotated away meanwhile is read to its end', async () => {
    const report = await counted(logOf(MANY), {
      cuts: CUTS,
      meanwhile: path => {
        renameSync(path, `${path}.1`);
        writeFileSync(path, 'not JSON\n');
      },
    });
    expect(report).toEqual(decoded(MANY));
  });

  it('what is left of a log that is cut off meanwhile is counted', async () => {
    const left = 5 * LOG.length;
    const report = await counted(logOf(MANY), {
      cuts: CUTS,
      meanwhile: path => truncateSync(path, left),
    });
    expect(report).toEqual(decoded(MANY.subarray(0, left)));
  });

  it('when it is stopped, what was read from the start on is counted', async () => {
    let ranges = 0;
    const report = await counted(logOf(MANY), {
      cuts: CUTS,
      counter: (counter, stop) => ({
        count: async range => {
          ranges += 1;
          if (ranges === 4) stop();
          return counter.count(range);
        },
      }),
    });
    const lines = (report?.events ?? 0) + (report?.info ?? 0) + (report?.malformed ?? 0);
    const all = MANY.toString().split('\n');
    expect(lines).toBeLessThan(all.length / 2);
    expect(report).toEqual(decoded(Buffer.from(all.slice(0, lines).join('\n').concat('\n'))));
  });

  it('a thread that is gone is stood in for', async () => {
    const report = await counted(logOf(MANY), {
      cuts: CUTS,
      counter: () => ({ count: () => Promise.reject(new Error('no thread')) }),
    });
    expect(report).toEqual(decoded(MANY));
  });

  it('a document, an empty file and a folder are left whole', async () => {
    const document = logOf(Buffer.from('[\n{"kind":"egress"},\n{"kind":"egress"}\n]\n'));
    expect(await counted(document, { cuts: [2] })).toBeNull();
    expect(await counted(logOf(Buffer.alloc(0)), { cuts: [1] })).toBeNull();
    expect(await counted(newFolder(), { cuts: [1] })).toBeNull();
  });
});
