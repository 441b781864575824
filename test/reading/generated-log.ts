import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { LineDecoder } from '../../src/reading/line-decoder.ts';
import { Traffic } from '../../src/core/traffic/traffic.ts';
import { buildReport, type Report } from '../../src/report/report.ts';
import { LineSplitter } from '../../src/sources/lines/line-splitter.ts';
import { SYSTEMS } from '../../src/systems/index.ts';
import type { System } from '../../src/systems/system.ts';
import { fixturePath } from '../commands/program.ts';

/*
 * Logs to count: records as their writers spell them among others that are almost the same, changed or damaged; and what they amount to.
 */

const NOW = Date.UTC(2026, 10, 20);
export const LOGS = readdirSync(fixturePath('')).filter(name => name.endsWith('.jsonl'));
export const LINES = LOGS.flatMap(name =>
  readFileSync(fixturePath(name), 'utf8')
    .split('\n')
    .filter(line => line !== ''),
);

/** Every line decoded, every event added: what all else is held against. */
export function decoded(bytes: Buffer, systems: readonly System[] = SYSTEMS): Report {
  const traffic = new Traffic();
  const decoder = new LineDecoder(systems);
  const take = {
    event: (event: Parameters<Traffic['add']>[0]) => traffic.add(event, NOW),
    unrecognised: (event: Parameters<Traffic['add']>[0], record: Parameters<Traffic['addUnrecognised']>[1]) =>
      traffic.addUnrecognised(event, record),
    malformed: (problem: Parameters<Traffic['addMalformed']>[0]) => traffic.addMalformed(problem),
    notice: (problem: Parameters<Traffic['addProblem']>[0]) => traffic.addProblem(problem),
  };
  const splitter = new LineSplitter();
  const lines = splitter.push(bytes);
  decoder.decode({ source: 'a.jsonl', first: 1, lines }, take);
  const rest = splitter.end();
  if (rest !== null)
    decoder.decode({ source: 'a.jsonl', first: lines.length + 1, lines: [rest], unterminated: true }, take);
  decoder.end('a.jsonl', take);
  return buildReport(traffic);
}

/** Texts that spell numbers, or almost. */
const NUMERIC_TEXTS = [
  '"200"',
  '"1.5"',
  '"007"',
  '"-1"',
  '" 12"',
  '"1e3"',
  '"\\u0032\\u003012"',
  `"${'9'.repeat(400)}"`,
];

/** Values that a field may hold beside its own: odd hosts, escapes, numbers at the edge, other types. */
const ODD_VALUES = [
  '""',
  '"."',
  '"..x"',
  '"EXAMPLE.com."',
  '"a.example:443"',
  '"[::1]:443"',
  '"\\u0041.example"',
  '"a\\nb"',
  '"\\ud800"',
  '"é.example"',
  '"\\q"',
  '"\\u12g4"',
  '"\\"',
  '"a\u0001b"',
  '"-"',
  '"__proto__"',
  '"1795078800"',
  ...NUMERIC_TEXTS,
  '"\\u0031795078800"',
  '"2026-11-19T08:00:00.123456789Z"',
  '"2026-11-19T08:00:00+02:00"',
  '"2026-02-30T08:00:00Z"',
  '"2026-11-19T24:00:00Z"',
  '"egress"',
  '"egress_x_deny"',
  '"broker_x_allow"',
  '"https://u@b.example:8443/x"',
  '0',
  '-0',
  '-1',
  '1.5',
  '1e3',
  '01',
  '123456789012345678901',
  '9007199254740993',
  '1e999',
  'true',
  'false',
  'null',
  'tru',
  '[]',
  '[1,"a",{"b":[null]}]',
  '{"host":"x"}',
  '[1,]',
  '{"a" : 1 , "b":"\\u00e9"}',
  `${'['.repeat(40)}${']'.repeat(40)}`,
];

interface Field {
  readonly key: string;
  readonly value: string;
}

const fieldsOf = (line: string): readonly Field[] =>
  Object.entries(JSON.parse(line) as Record<string, unknown>).map(([key, value]) => ({
    key: JSON.stringify(key),
    value: JSON.stringify(value),
  }));

type Change = (fields: readonly Field[]) => readonly Field[];
const changeOf = (keys: readonly string[]): fc.Arbitrary<Change> =>
  fc.oneof(
    fc
      .tuple(fc.nat(30), fc.constantFrom(...ODD_VALUES))
      .map(([at, value]): Change => fields => [
        ...fields,
        ...fields.slice(at % fields.length, (at % fields.length) + 1).map(known => ({ ...known, value })),
      ]),
    fc.tuple(fc.nat(30), fc.constantFrom(...ODD_VALUES)).map(
      ([at, value]): Change =>
        fields =>
          fields.map((known, index) => (index === at % fields.length ? { ...known, value } : known)),
    ),
    fc.constantFrom('"x"', ...NUMERIC_TEXTS).map(
      (value): Change =>
        fields =>
          fields.map(known => (/^\d/.test(known.value) ? { ...known, value } : known)),
    ),
    fc.nat(30).map(
      (at): Change =>
        fields =>
          fields.filter((_, index) => index !== at % fields.length),
    ),
    fc
      .tuple(
        fc.nat(30),
        fc.record({
          key: fc.constantFrom(...keys, '"__proto__"', '"ho\\u0073t"'),
          value: fc.constantFrom(...ODD_VALUES),
        }),
      )
      .map(([at, added]): Change => fields => [
        ...fields.slice(0, at % fields.length),
        added,
        ...fields.slice(at % fields.length),
      ]),
    fc
      .nat(30)
      .map((at): Change => fields => [
        ...fields.slice(at % fields.length),
        ...fields.slice(0, at % fields.length),
      ]),
  );

const spelling = fc.constantFrom<(fields: readonly Field[]) => string>(
  fields => `{${fields.map(({ key, value }) => `${key}:${value}`).join(',')}}`,
  fields => `{${fields.map(({ key, value }) => `${key}: ${value}`).join(', ')}}`,
  fields => ` { ${fields.map(({ key, value }) => `${key}\t:${value}`).join(' ,')} } `,
);
/** A byte put in or changed, or the rest cut off. */
type Damage = (text: string) => Buffer;
const damage: fc.Arbitrary<Damage> = fc
  .tuple(fc.nat(), fc.constantFrom('"', '\\', '{', '}', ',', 'q', '0', '\x00', '\xff', '\r', null), fc.nat(1))
  .map(([place, byte, replaced]) => text => {
    const bytes = Buffer.from(text);
    const at = place % (bytes.length + 1);
    if (byte === null) return bytes.subarray(0, at);
    return Buffer.concat([bytes.subarray(0, at), Buffer.from(byte, 'latin1'), bytes.subarray(at + replaced)]);
  });

/** A record as its writer spells it, and then records that are almost the same: what is known of the one must not be believed of the others. */
const familyOf = (
  records: readonly (readonly Field[])[],
  change: fc.Arbitrary<Change>,
): fc.Arbitrary<readonly Buffer[]> =>
  fc
    .tuple(
      fc.constantFrom(...records),
      spelling,
      fc.array(fc.tuple(fc.array(change, { maxLength: 2 }), fc.option(damage)), {
        minLength: 1,
        maxLength: 4,
      }),
    )
    .map(([fields, spell, variants]) => {
      const almost = variants.map(([changes, damaged]) => {
        const text = spell(changes.reduce((changed, apply) => apply(changed), fields));
        return damaged ? damaged(text) : Buffer.from(text);
      });
      const first = Buffer.from(spell(fields));
      return [first, first, ...almost, first];
    });

const ends = fc.constantFrom('\n', '\n', '\r\n', '\n\n', ' \n');

/** Logs of records as these, and of almost such. */
export function logOf(lines: readonly string[]): fc.Arbitrary<Buffer> {
  const records = lines.map(fieldsOf);
  const keys = [...new Set(records.flatMap(fields => fields.map(({ key }) => key)))];
  const family = familyOf(records, changeOf(keys));
  return fc
    .tuple(
      fc.array(family, { minLength: 1, maxLength: 4 }),
      ends,
      fc.constantFrom('', '\ufeff', '\n'),
      fc.constantFrom('', '{"ts":"20', '{"event":"x_allow"}'),
    )
    .map(([families, end, start, rest]) =>
      Buffer.concat([
        Buffer.from(start),
        ...families.flat().flatMap(line => [line, Buffer.from(end)]),
        Buffer.from(rest),
      ]),
    );
}

export const generatedLog = logOf(LINES);

/** As printed; but sums beyond 2^53 depend on the order in which they were added, in their last digits. */
export const spelled = (report: Report): string =>
  JSON.stringify(report, (_, value: unknown) =>
    typeof value === 'number' && !Number.isSafeInteger(value) ? value.toPrecision(12) : value,
  );
