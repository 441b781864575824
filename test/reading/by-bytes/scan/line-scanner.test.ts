import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordShape } from '../../../../src/core/record-shape.ts';
import { bucketOf, Durations } from '../../../../src/core/traffic/durations.ts';
import { parseInstant, parseRfc3339 } from '../../../../src/core/time.ts';
import {
  LineScanner,
  PART_FLAGS,
  VERDICT_SHIFT,
} from '../../../../src/reading/by-bytes/scan/line-scanner.ts';
import { runs, sized, often } from '../../../runs.ts';

const shape = (isUnix: boolean): RecordShape => ({
  system: 'test',
  required: [],
  parts: { ruling: ['verdict'], host: ['host', 'url'], tool: ['tool'], agent: ['agent'] },
  standIns: { url: ['host'] },
  silent: ['note'],
  time: { key: 'at', isUnix },
  measured: { bytes: 'bytes', durationMs: 'ms', status: 'status' },
});

/** The facts of the first line of a text; null where it is left to the plain way. A line that holds something new is counted too. */
function scanned(text: string, scanner = new LineScanner([shape(true)])) {
  const bytes = Buffer.from(`${text}\n`);
  scanner.read(bytes);
  const why = scanner.scan(0, bytes.length);
  if (why === 'unsure') return null;
  const found = { isNew: why === 'new', parts: [...scanner.parts], ...scanner.record };
  if (why === 'new') {
    expect(scanner.next).toBe(0);
    scanner.teach(KNOWN);
    expect(scanner.scan(0, bytes.length)).toBe('ended');
  }
  expect(scanner.next).toBe(bytes.indexOf('\n') + 1);
  expect(scanner.lines).toBe(1);
  return found;
}

/** Of each part that its values may be counted. */
const KNOWN = Array<number>(4).fill(PART_FLAGS.known);

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
      { numRuns: often(3_000) },
    );
  });

  it.each([
    '2026-11-19T08:00:00Z',
    '2026-11-19T08:00:00.5Z',
    '2026-12-31T23:59:59.999999999Z',
    '2028-02-29T00:00:00Z',
    '2000-02-29T00:00:00+00:00',
    '2026-01-31T23:30:00.123456-05:30',
    '2026-01-31T23:30:00.123456-0530',
    '2026-01-31T23:30:00+0000',
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
  });

  it('a unix time with a fraction is the instant that parseInstant reads, or is left to the plain way', () => {
    const scanner = new LineScanner([shape(true)]);
    const decimals = fc
      .tuple(
        fc.nat(4_200_000_000),
        fc.string({ unit: fc.constantFrom('0', '1', '4', '5', '9'), minLength: 1, maxLength: 9 }),
      )
      .map(([seconds, fraction]) => `${seconds}.${fraction}`);
    const tries = runs(5_000);
    let counted = 0;
    fc.assert(
      fc.property(decimals, spelled => {
        const at = scanned(`{"at":${spelled}}`, scanner)?.at;
        if (at === undefined) return;
        counted += 1;
        expect([spelled, at]).toEqual([spelled, parseInstant(JSON.parse(spelled))]);
      }),
      { numRuns: tries },
    );
    expect(counted).toBeGreaterThan(tries / 4);
    for (const spelled of ['1795078800.5e0', '-1795078800.5', '179507880012345.5'])
      expect(scanned(`{"at":${spelled}}`)).toBeNull();
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

  it('bytes under two keys are added up where a shape says so', () => {
    const both = new LineScanner([{ ...shape(true), addedBytes: 'more' }]);
    expect(scanned('{"bytes":12,"more":30}', both)?.bytes).toBe(42);
    expect(scanned('{"bytes":null,"more":30}', both)?.bytes).toBe(30);
    expect(scanned('{"bytes":12}', both)?.bytes).toBe(12);
    expect(scanned('{"bytes":null,"more":null}', both)?.bytes).toBeNaN();
    expect(scanned('{"bytes":1,"more":"2"}', both)).toBeNull();
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

describe('values and groups', () => {
  const line = (host: string, tool: string): string => JSON.stringify({ host, tool, note: Math.random() });

  it('equal values have equal numbers, counted in order of arrival, across growth and forgetting', () => {
    const names = fc.tuple(fc.string({ maxLength: 40 }), fc.constantFrom('a', 'b'));
    fc.assert(
      fc.property(fc.array(fc.option(names, { freq: 200 }), { maxLength: 700 }), lines => {
        const scanner = new LineScanner([shape(true)]);
        const known = new Map<string, number>();
        for (const names of lines) {
          if (!names) {
            scanner.groups.take();
            scanner.forgetValues();
            known.clear();
            continue;
          }
          const found = scanned(line(...names), scanner);
          const [host] = names;
          if (!found) continue;
          if (!known.has(host)) {
            expect(found.isNew).toBe(true);
            known.set(host, known.size);
          }
          expect(found.parts[1]).toBe(known.get(host));
        }
      }),
      { numRuns: 30 },
    );
  });

  const many = sized(10_000, 100_000, 30_000);

  it(`${many} values are held apart, however their bytes lie`, () => {
    const scanner = new LineScanner([shape(true)]);
    const hosts = Array.from({ length: many }, (_, index) => `${'h'.repeat(index % 37)}.${index}`);
    for (const again of [false, true])
      for (const [index, host] of hosts.entries()) {
        const found = scanned(line(host, 't'), scanner);
        if (found?.isNew === again || found?.parts[1] !== index)
          throw new Error(`${host} has ${JSON.stringify(found)}`);
      }
    const { parts, cells } = scanner.groups.take();
    for (let group = 0; group < many; group += 1)
      if (parts[group * 4 + 1] !== group || cells[group * 5] !== 2)
        throw new Error(`group ${group} has ${cells[group * 5]} of ${parts[group * 4 + 1]}`);
    expect(parts.length).toBe(4 * many);
    expect(scanner.groups.count).toBe(0);
  });

  it('a group adds up what its ruling takes', () => {
    const scanner = new LineScanner([shape(true)]);
    const bytes = Buffer.from(
      [
        '{"at":1795075200,"host":"a","bytes":7,"ms":20,"status":200}',
        '{"at":1795075100,"host":"a","bytes":5,"ms":3,"status":404}',
        '{"at":1795075300,"host":"a","bytes":0,"ms":20,"status":201}',
      ].join('\n') + '\n',
    );
    scanner.groups.measureDurations();
    scanner.read(bytes);
    expect(scanner.scan(0, bytes.length)).toBe('new');
    const { bytes: taken, duration, status, known } = PART_FLAGS;
    scanner.teach([known | taken | duration | status, known, known, known]);
    expect(scanner.scan(0, bytes.length)).toBe('ended');
    const { cells, durationStarts, durations } = scanner.groups.take();
    expect([...cells]).toEqual([3, 1_795_075_100_000, 1_795_075_300_000, 12, 201]);
    expect([...(durationStarts ?? [])]).toEqual([0, 2]);
    expect([...durations]).toEqual([bucketOf(20), 2, bucketOf(3), 1]);
  });

  it('a duration of any length is counted in the bucket that the plain way counts it in', () => {
    const lengths = fc.oneof(
      fc.nat(5_000),
      fc.maxSafeNat().map(value => value % 1e15),
    );
    fc.assert(
      fc.property(fc.array(lengths, { minLength: 1, maxLength: 300 }), durations => {
        const scanner = new LineScanner([shape(true)]);
        const bytes = Buffer.from(durations.map(ms => `{"ms":${ms}}\n`).join(''));
        scanner.groups.measureDurations();
        scanner.read(bytes);
        expect(scanner.scan(0, bytes.length)).toBe('new');
        scanner.teach([PART_FLAGS.known | PART_FLAGS.duration, ...KNOWN.slice(1)]);
        expect(scanner.scan(0, bytes.length)).toBe('ended');
        const expected = new Durations();
        for (const ms of durations) expected.add(ms);
        const pairs = scanner.groups.take().durations;
        const found = Array.from({ length: pairs.length / 2 }, (_, at) => [pairs[2 * at], pairs[2 * at + 1]]);
        expect(new Map(found as [number, number][])).toEqual(new Map(expected.entries()));
      }),
      { numRuns: 50 },
    );
  });

  it('a full table counts nothing until what it holds is taken', () => {
    const scanner = new LineScanner([shape(true)]);
    scanner.groups.limit(2);
    for (const host of ['a', 'b']) scanned(line(host, 't'), scanner);
    const bytes = Buffer.from(`${line('a', 't')}\n${line('b', 'u')}\n`);
    scanner.read(bytes);
    expect(scanner.scan(0, bytes.length)).toBe('new');
    expect(scanner.lines).toBe(1);
    scanner.teach(KNOWN);
    expect(scanner.scan(scanner.next, bytes.length)).toBe('full');
    expect(scanner.lines).toBe(0);
    scanner.groups.take();
    expect(scanner.scan(scanner.next, bytes.length)).toBe('ended');
    expect(scanner.groups.count).toBe(1);
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
    expect(scanned(`{"host":"-${'a'.repeat(10_000)}","url":"${'b'.repeat(7_000)}"}`)).toBeNull();
    expect(scanned(`{"note":"${'a'.repeat(100_000)}"}`)).not.toBeNull();
  });
});

describe('several lines', () => {
  it('several lines are scanned up to a new value or an odd line', () => {
    const scanner = new LineScanner([shape(true)]);
    const known = '{"host":"a"}\n';
    const bytes = Buffer.from(`${known.repeat(2_000)}{"host":"b"}\n{"host":"c","host":"c"}\n${known}`);
    scanner.read(bytes);
    const ends: string[] = [];
    for (let at = 0; at < bytes.length; at = scanner.next) {
      const why = scanner.scan(at, bytes.length);
      ends.push(`${scanner.lines} ${why}`);
      if (why === 'new') scanner.teach(KNOWN);
      if (why === 'unsure') scanner.next = bytes.indexOf('\n', scanner.next) + 1;
    }
    expect(ends).toEqual(['0 new', '2000 new', '1 unsure', '1 ended']);
  });

  it('decisions are kept by second and verdict, and none that is dated too late', () => {
    const scanner = new LineScanner([shape(true)]);
    const at = (ms: number): string => `{"at":${ms}}\n`;
    const base = 1_795_075_200_000;
    const bytes = Buffer.from([0, 900, 1_000, 5, 2_000, 2_001].map(ms => at(base + ms)).join(''));
    scanner.groups.chartUntil(base + 2_000);
    scanner.read(bytes);
    expect(scanner.scan(0, bytes.length)).toBe('new');
    scanner.teach([PART_FLAGS.known | (2 << VERDICT_SHIFT), ...KNOWN.slice(1)]);
    expect(scanner.scan(0, bytes.length)).toBe('ended');
    const found: (readonly number[])[] = [];
    scanner.groups.takeSeconds((second, verdict, count) =>
      found.push([second - base / 1_000, verdict, count]),
    );
    expect(found).toEqual([
      [0, 2, 3],
      [1, 2, 1],
      [2, 2, 1],
    ]);
    scanner.groups.takeSeconds(() => expect.unreachable());
  });
});
