import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FieldMap } from '../../src/core/maps/field-map.ts';
import { Traffic } from '../../src/core/traffic/traffic.ts';
import { BulkCounter } from '../../src/reading/by-bytes/bulk-counter.ts';
import { buildReport, type Report } from '../../src/report/report.ts';
import { SYSTEMS } from '../../src/systems/index.ts';
import { mapSystem } from '../../src/systems/maps/map-system.ts';
import { readShippedMaps } from '../../src/systems/maps/shipped-maps.ts';
import { runs } from '../runs.ts';
import { newFolder } from '../sources/folder.ts';
import { decoded, LINES, logOf, spelled } from './generated-log.ts';
import { BITS, countingOf } from './newest-first.ts';

const MAPS = await readShippedMaps();
const ALL = [...SYSTEMS, ...MAPS.map(mapSystem)];
const linesOf = (text: FieldMap['text']): readonly string[] =>
  MAPS.filter(map => map.text === text).flatMap(({ samples }) => samples.map(({ line }) => line));
const SAMPLES = linesOf('json');
const ALL_SAMPLES = [...SAMPLES, ...linesOf('logfmt')];

/** The log counted by its bytes. */
function counted(bytes: Buffer, chunkBytes: number): Report {
  const traffic = new Traffic();
  const counter = new BulkCounter({
    source: 'a.jsonl',
    systems: ALL,
    measuresDurations: false,
    counted: table => traffic.addTable(table, { from: 0, to: table.size }),
    unrecognised: record => traffic.countUnrecognised({ ...record, count: 1 }),
    malformed: problem => traffic.addMalformed(problem),
    notice: problem => traffic.addProblem(problem),
  });
  for (let start = 0; start < bytes.length; start += chunkBytes)
    counter.push({ bytes: bytes.subarray(start, start + chunkBytes) });
  counter.end();
  counter.flush();
  return buildReport(traffic);
}

const mappedLog = fc.oneof(logOf(SAMPLES), logOf([...SAMPLES, ...LINES]));

it('a mapped log is counted by bytes as it is decoded, damaged or not, beside logs of built-in systems', () => {
  fc.assert(
    fc.property(mappedLog, fc.integer({ min: 1, max: 9_000 }), (bytes, chunkBytes) => {
      expect(spelled(counted(bytes, chunkBytes))).toBe(spelled(decoded(bytes, ALL)));
    }),
    { numRuns: runs(3_000) },
  );
});

it('a dashboard counts a mapped log, newest lines first, as it is decoded', async () => {
  const bytes = Buffer.from(`${[...ALL_SAMPLES, ...ALL_SAMPLES, ...ALL_SAMPLES].join('\n')}\n`);
  const path = join(newFolder(), 'a.jsonl');
  writeFileSync(path, bytes);
  const counting = countingOf(path, { systems: ALL, portions: BITS });
  await counting.live();
  await counting.stop();
  const expected = decoded(bytes, ALL);
  const { hosts, tools, agents, ...totals } = buildReport(counting.traffic());
  expect([hosts.length, tools, agents]).toEqual([expected.hosts.length, expected.tools, expected.agents]);
  expect(totals.verdicts).toEqual(expected.verdicts);
  expect([totals.events, totals.info, totals.malformed, totals.unrecognised]).toEqual([
    expected.events,
    expected.info,
    expected.malformed,
    expected.unrecognised,
  ]);
});

it('a built-in decoder reads its own lines, whatever maps there are', () => {
  const bytes = Buffer.from(`${[...LINES, ''].join('\n')}`);
  expect(decoded(bytes, ALL)).toEqual(decoded(bytes));
});
