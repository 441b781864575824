import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordShape } from '../../../../src/core/record-shape.ts';
import { parseInstant, parseRfc3339 } from '../../../../src/core/time.ts';
import { LineScanner } from '../../../../src/reading/by-bytes/scan/line-scanner.ts';
import { sized } from '../../../runs.ts';

const shape = (isUnix: boolean): RecordShape => ({
  system: 'test',
  required: [],
  parts: { ruling: ['verdict'], host: ['host', 'url'], tool: ['tool'], agent: ['agent'] },
  standIns: { url: ['host'] },
  silent: ['note'],
  time: { key: 'at', isUnix },
  measured: { bytes: 'bytes', durationMs: 'ms', status: 'status' },
});

/** What is known of the first line of a text; null where it is left to the plain way. */
function scanned(text: string, scanner = new LineScanner([shape(true)])) {
  const bytes = Buffer.from(`${text}\n`);
  scanner.read(bytes);
  if (scanner.scan(0, bytes.length) === 0) return null;
  expect(scanner.next).toBe(bytes.indexOf('\n') + 1);
  return {
    kind: scanner.lines.kinds[0],
    parts: [...scanner.parts],
    isNew: scanner.isNew,
    ...scanner.record(0),
  };
}

const two = (max: number) => fc.integer({ min: 0, max }).map(value => String(value).padStart(2, '0'));
const instant = fc
  .tuple(
    fc.integer({ min: 0, max: 9_999 }).map(year => String(year).padStart(4, '0')),
    fc.tuple(two(13), two(32), two(25), two(61), two(61)),
    fc.stringMatching(/^\.?[0-9]{0,10}$/),
    fc.oneof(
      fc.constantFrom('Z', 'Z', 'z', '', '+0530', '+05', '-5:30'),
      fc.tuple(fc.constantFrom('+', '-'), two(25), two(61)).map(([sign, h, m]) => `${sign}${h}:${m}`),
    ),
  )
  .map(([year, [month, day, hour, minute, second], fraction, zone]) =>
    [`${year}-${month}-${day}T${hour}:${minute}:${second}`, fraction, zone].join(''),
  );

describe('the time of a scanned line', () => {
  const timeOf = (text: string, isUnix: boolean) =>
    scanned(JSON.stringify({ at: text }), new LineScanner([shape(isUnix)]))?.at;

  it('the time of a scanned line is the one that parseRfc3339 reads', () => {
    const scanner = new LineScanner([shape(false)]); // a new one takes a hundred times as long as what it reads here
    fc.assert(
      fc.property(instant, spelled => {
        const at = scanned(JSON.stringify({ at: spelled }), scanner)?.at;
        if (at !== undefined) expect(at).toBe(parseRfc3339(spelled));
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    '2026-11-19T08:00:00Z',
    '2026-11-19T08:00:00.5Z',
    '2026-12-31T23:59:59.999999999Z',
    '2028-02-29T00:00:00Z',
    '2000-02-29T00:00:00+00:00',
    '2026-01-31T23:30:00.123456-05:30',
    '0000-01-01T00:00:00Z',
    '1969-12-31T23:59:59.001Z',
  ])('%s is scanned', spelled => {
    expect(timeOf(spelled, false)).toBe(parseRfc3339(spelled));
  });

  it.each([
    '2026-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-11-19T08:00:60Z',
    '2026-11-19T08:00:00.Z',
    '2026-11-19T08:00:00+24:00',
    '2026-11-19 08:00:00Z',
    '2026-11-19T08:00:00',
    '1795078800',
    '+05:30',
    '',
  ])('%j is left to the plain way', spelled => {
    expect(timeOf(spelled, false)).toBeUndefined();
  });

  it.each(['0', '1795078800', '1795078800123', '179507880012345', '99999999999', '100000000000'])(
    '%s is a unix time, as text and as number',
    spelled => {
      expect(timeOf(spelled, true)).toBe(parseInstant(spelled));
      expect(scanned(`{"at":${spelled}}`)?.at).toBe(parseInstant(Number(spelled)));
    },
  );

  it('a scanned line has no time where the record has none, or a number where only text is a time', () => {
    expect(scanned('{"verdict":"deny"}')?.at).toBeNaN();
    expect(scanned('{"at":17}', new LineScanner([shape(false)]))?.at).toBeNaN();
    expect(scanned('{"at":1795078800.5}')).toBeNull();
  });
});

describe('the measures of a scanned line', () => {
  it('the measures of a scanned line are its integers', () => {
    expect(scanned('{"bytes":123456789012345,"ms":0,"status":204}')).toMatchObject({
      bytes: 123_456_789_012_345,
      durationMs: 0,
      status: 204,
    });
  });

  it.each(['null', 'true', '""', '"x12"', '"-12"', '[12]'])(
    'a scanned line has no measure where the value is %s',
    value => {
      expect(scanned(`{"bytes":${value}}`)?.bytes).toBeNaN();
    },
  );

  it.each(['"12"', '"1.5"', '"12px"', '"\\u00312"'])(
    'a line is left to the plain way where a measure is the text %s',
    value => {
      expect(scanned(`{"bytes":${value}}`)).toBeNull();
    },
  );

  it.each(['1.5', '-1', '1e3', '1234567890123456', '01', '-', '1.', '1e', 'nul', '"\t"', '{"a":1', '[1,]'])(
    'a line is left to the plain way where a measure is %s',
    value => {
      expect(scanned(`{"bytes":${value}}`)).toBeNull();
    },
  );
});

describe('kinds', () => {
  const line = (host: string, tool: string): string => JSON.stringify({ host, tool, note: Math.random() });

  it('equal values have equal kinds, numbered in order of arrival, across growth and forgetting', () => {
    const names = fc.tuple(fc.string({ maxLength: 40 }), fc.constantFrom('a', 'b'));
    fc.assert(
      fc.property(fc.array(fc.option(names, { freq: 200 }), { maxLength: 700 }), lines => {
        const scanner = new LineScanner([shape(true)]);
        const known = new Map<string, number>();
        for (const names of lines) {
          if (!names) {
            scanner.forgetKinds();
            known.clear();
            continue;
          }
          const found = scanned(line(...names), scanner);
          const key = JSON.stringify(names);
          if (!found) continue;
          expect(found.isNew).toBe(!known.has(key));
          if (found.isNew) known.set(key, known.size);
          expect(found.kind).toBe(known.get(key));
        }
      }),
      { numRuns: 30 },
    );
  });

  const many = sized(30_000, 100_000);

  it(`${many} kinds are held apart, however their bytes lie`, () => {
    const scanner = new LineScanner([shape(true)]);
    const hosts = Array.from({ length: many }, (_, index) => `${'h'.repeat(index % 37)}.${index}`);
    for (const again of [false, true])
      for (const [index, host] of hosts.entries()) {
        const found = scanned(line(host, 't'), scanner);
        if (found?.kind !== index || found.isNew === again || found.parts[1] !== index)
          throw new Error(`${host} has ${JSON.stringify(found)}`);
      }
  });

  it('a value that only stands in for another counts where that names nothing', () => {
    const scanner = new LineScanner([shape(true)]);
    const hostNumber = (text: string): number | undefined => scanned(text, scanner)?.parts[1];
    const named = hostNumber('{"host":"a.example","url":"https://a.example/1"}');
    expect(hostNumber('{"host":"a.example","url":"https://a.example/2"}')).toBe(named);
    const first = hostNumber('{"host":"","url":"https://a.example/1"}');
    expect(first).not.toBe(named);
    expect(hostNumber('{"host":"","url":"https://a.example/2"}')).not.toBe(first);
  });

  it('values of one part that are longer than 16 KiB are left to the plain way', () => {
    expect(scanned(`{"host":"${'a'.repeat(10_000)}"}`)).not.toBeNull();
    expect(scanned(`{"host":"${'a'.repeat(10_000)}","url":"","tool":"${'b'.repeat(7_000)}"}`)).toBeNull();
    expect(scanned(`{"note":"${'a'.repeat(100_000)}"}`)).not.toBeNull();
  });
});

describe('several lines', () => {
  it('several lines are scanned up to a new kind, an odd line, or the limit of one call', () => {
    const scanner = new LineScanner([shape(true)]);
    const known = '{"host":"a"}\n';
    const bytes = Buffer.from(`${known.repeat(2_000)}{"host":"b"}\n{"host":"c","host":"c"}\n${known}`);
    scanner.read(bytes);
    const counts: number[] = [];
    for (let at = 0; at < bytes.length; at = scanner.next) {
      counts.push(scanner.scan(at, bytes.length));
      if (counts.at(-1) === 0) scanner.next = bytes.indexOf('\n', at) + 1;
    }
    expect(counts).toEqual([1, 1_024, 976, 0, 1]);
  });
});
