import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Traffic } from '../../../src/core/traffic/traffic.ts';
import { BulkCounter } from '../../../src/reading/by-bytes/bulk-counter.ts';
import { buildReport } from '../../../src/report/report.ts';
import { SYSTEMS } from '../../../src/systems/index.ts';
import { randomFrom } from '../../bench/random.ts';
import { WRITERS, type ZephShape } from '../../bench/zeph-shapes.ts';
import { decoded, spelled } from '../generated-log.ts';

const SHAPES = Object.keys(WRITERS) as readonly ZephShape[]; // a Record of them

interface Wanted {
  readonly seed: number;
  readonly hosts: number;
  readonly lines: number;
}

function logOf(shape: ZephShape, { seed, hosts, lines }: Wanted): Buffer {
  const random = randomFrom(seed);
  const all: string[] = [];
  while (all.length < lines) all.push(...WRITERS[shape]({ index: all.length * 9, hosts, random }));
  return Buffer.from(all.map(line => `${line}\n`).join(''));
}

/** With so few groups in the kernel that they are handed on again and again. */
function counted(bytes: Buffer, chunkBytes: number, maxSums: number) {
  const traffic = new Traffic();
  const counter = new BulkCounter({
    source: 'a.jsonl',
    systems: SYSTEMS,
    measuresDurations: false,
    maxSums: { fewHosts: maxSums, manyHosts: maxSums },
    counted: table => traffic.addTable(table, { from: 0, to: table.size }),
    unrecognised: record => traffic.countUnrecognised({ ...record, count: 1 }),
    malformed: problem => traffic.addMalformed(problem),
    notice: problem => traffic.addProblem(problem),
  });
  for (let start = 0; start < bytes.length; start += chunkBytes)
    counter.push({ bytes: bytes.subarray(start, start + chunkBytes) });
  counter.end();
  counter.flush();
  return { report: buildReport(traffic), decodedLines: counter.decodedLines };
}

it.each(SHAPES)('a log of %s is counted by its bytes as it is decoded, whatever the room for sums', shape => {
  fc.assert(
    fc.property(
      fc.record({
        seed: fc.nat(),
        hosts: fc.integer({ min: 1, max: 90 }),
        lines: fc.integer({ min: 1, max: 400 }),
        chunkBytes: fc.integer({ min: 1_000, max: 60_000 }),
        maxSums: fc.integer({ min: 1, max: 300 }),
      }),
      ({ seed, hosts, lines, chunkBytes, maxSums }) => {
        const bytes = logOf(shape, { seed, hosts, lines });
        expect(spelled(counted(bytes, chunkBytes, maxSums).report)).toBe(spelled(decoded(bytes)));
      },
    ),
    { numRuns: 40 },
  );
});

it.each([
  ['requests', 0.02],
  ['decisions', 0.02],
  ['agents', 0.06],
] as const)('of a log of %s at most %d of the lines are decoded', (shape, share) => {
  const [hosts, lines] = [50, 20_000];
  const { decodedLines } = counted(logOf(shape, { seed: 7, hosts, lines }), 500_000, 65_536);
  expect(decodedLines / lines).toBeLessThan(share);
});

it('a report decodes hardly a line of a log whose durations have fractions', () => {
  const bytes = Buffer.from(
    logOf('requests', { seed: 3, hosts: 20, lines: 4_000 })
      .toString()
      .replaceAll(/("duration_ms":\d+)/g, '$1.25'),
  );
  const { report, decodedLines } = counted(bytes, 50_000, 65_536);
  expect(decodedLines).toBeLessThan(600);
  expect(spelled(report)).toBe(spelled(decoded(bytes)));
});
