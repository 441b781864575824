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
import { runs, sized } from '../runs.ts';
import { newFolder } from '../sources/folder.ts';
import { decoded, LINES, logOf, spelled } from './generated-log.ts';
import { BITS, countingOf } from './newest-first.ts';

const MAPS = await readShippedMaps();
const ALL = [...SYSTEMS, ...MAPS.map(mapSystem)];
const linesOf = (text: FieldMap['text']): readonly string[] =>
  MAPS.filter(map => map.text === text).flatMap(({ samples }) => samples.map(({ line }) => line));
const SAMPLES = linesOf('json');
const ALL_SAMPLES = [...SAMPLES, ...linesOf('logfmt')];

/** A line with one of its values, at any depth, replaced. */
function changedLine(line: string, place: number, value: unknown): string {
  let [values, at] = [0, 0];
  JSON.parse(line, () => void (values += 1));
  const chosen = place % values;
  return JSON.stringify(
    JSON.parse(line, (key, found: unknown) => (at++ === chosen && key !== '' ? value : found)),
  );
}

/** The log counted by its bytes. */
const counted = (bytes: Buffer, chunkBytes: number): Report =>
  buildReport(countedBy(bytes, chunkBytes).traffic);

/** How many of its lines were decoded for that. */
const decodedOf = (bytes: Buffer): number => countedBy(bytes, 1 << 20).counter.decodedLines;

function countedBy(
  bytes: Buffer,
  chunkBytes: number,
): { readonly traffic: Traffic; readonly counter: BulkCounter } {
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
  return { traffic, counter };
}

const mappedLog = fc.oneof(logOf(SAMPLES), logOf([...SAMPLES, ...LINES]));

it('a mapped log is counted by bytes as it is decoded, damaged or not, beside logs of built-in systems', () => {
  fc.assert(
    fc.property(mappedLog, fc.integer({ min: 1, max: 9_000 }), (bytes, chunkBytes) => {
      expect(spelled(counted(bytes, chunkBytes))).toBe(spelled(decoded(bytes, ALL)));
    }),
    { numRuns: sized(60, 3_000, 200) },
  );
});

it('a mapped log is counted by bytes as it is decoded, whatever value within its records is changed', () => {
  const values = fc.oneof(
    fc.constantFrom(
      'allow',
      'deny',
      'DROPPED',
      'FORWARDED',
      '',
      null,
      true,
      0,
      17,
      '12',
      {},
      [],
      { a: 1 },
      'h.example:80',
      '10.0.0.1:9',
    ),
    fc.jsonValue(),
  );
  const family = fc
    .tuple(fc.constantFrom(...SAMPLES), fc.array(fc.tuple(fc.nat(), values), { minLength: 1, maxLength: 4 }))
    .map(([line, changes]) => [
      line,
      line,
      ...changes.map(([place, value]) => changedLine(line, place, value)),
      line,
    ]);
  fc.assert(
    fc.property(fc.array(family, { minLength: 1, maxLength: 4 }), families => {
      const bytes = Buffer.from(`${families.flat().join('\n')}\n`);
      expect(spelled(counted(bytes, 1 << 20))).toBe(spelled(decoded(bytes, ALL)));
    }),
    { numRuns: runs(6_000) },
  );
});

it.each([
  [
    'an object that comes twice',
    '{"flow":{"verdict":"DROPPED","destination_names":["a.example"]},"flow":{"verdict":"FORWARDED"},"time":"2026-01-01T00:00:00Z"}',
  ],
  [
    'an object that comes twice, once as a text',
    '{"flow":{"verdict":"DROPPED","IP":{"destination":"192.0.2.1"},"IP":"x"},"time":"2026-01-01T00:00:00Z"}',
  ],
  [
    'an empty object',
    '{"flow":{"verdict":"FORWARDED","l4":{"TCP":{"destination_port":443,"flags":{}}},"IP":{"destination":"192.0.2.1"}},"time":"2026-01-01T00:00:00Z"}',
  ],
  [
    'blanks around brackets',
    '{ "flow" : { "verdict" : "DROPPED", "IP": { "destination": "192.0.2.1" } } , "time": "2026-01-01T00:00:00Z" }',
  ],
  [
    'a time that is nothing',
    '{"flow":{"time":"2026-01-01T00:00:01Z","verdict":"DROPPED","IP":{"destination":"192.0.2.1"}},"time":null}',
  ],
])('%s is counted by bytes as it is decoded', (_, line) => {
  const plain = SAMPLES.find(sample => sample.includes('"verdict":"DROPPED"')) ?? '';
  const lines = [plain, plain, line, plain, line, line, ''].join('\n');
  const bytes = Buffer.from(lines);
  expect(spelled(counted(bytes, 1 << 20))).toBe(spelled(decoded(bytes, ALL)));
});

it('hardly a line of a mapped log is decoded, also where its fields stand within objects', () => {
  for (const map of MAPS.filter(({ name }) =>
    ['hubble', 'envoy', 'smokescreen', 'suricata', 'leash'].includes(name),
  )) {
    const [first = ''] = map.samples.map(({ line }) => line);
    const lines = Array.from({ length: 500 }, (_, index) =>
      first.replace(/(remote_addr(?:ess)?":"[^"]*?):\d+"/, `$1:${20_000 + index}"`),
    );
    expect([map.name, decodedOf(Buffer.from(`${lines.join('\n')}\n`)) < 20]).toEqual([map.name, true]);
  }
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
  const bytes = Buffer.from([...LINES, ''].join('\n'));
  expect(decoded(bytes, ALL)).toEqual(decoded(bytes));
});
