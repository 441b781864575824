import { expect, it } from 'vitest';
import { decodeLine } from '../../../src/systems/decode-line.ts';
import { SYSTEMS } from '../../../src/systems/index.ts';
import { parseObject } from '../../../src/core/record.ts';
import { LineDecoder } from '../../../src/reading/line-decoder.ts';
import { LINES } from '../generated-log.ts';
import { ENVELOPES, OF_RECORDS } from './envelopes.ts';
import { counts, threeWays } from './three-ways.ts';

const ALLOWED = '{"event":"egress_allow","host":"a.example"}';
const DENIED = '{"event":"egress_deny","host":"b.example","reason":"r","ts":"2026-06-16T00:00:01Z"}';
const UNKNOWN = '{"type":"startup","level":"info"}';
const hec = (event: unknown, more: object = { sourcetype: 'a' }): string =>
  JSON.stringify({ event, ...more });
const otlpOf = (logRecords: unknown): string =>
  JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });

/** Records of every system with a time of their own, and no null: OTLP has no word for it. */
const RECORDS = LINES.filter((line, index) => {
  const found = decodeLine(line, { source: 'a', agent: null }, SYSTEMS);
  return index % 21 === 0 && found.type === 'event' && found.event.at !== null && !line.includes('null');
});

it.each(Object.entries(ENVELOPES))('every line of %s counts once, in three ways', async (_, wrap) => {
  for (const traffic of await threeWays([wrap([DENIED, ALLOWED, UNKNOWN, DENIED, 'up'])])) {
    const { total, allow, deny } = traffic.totals;
    expect([total, allow, deny, traffic.unrecognised.total, traffic.malformed]).toEqual([3, 1, 2, 1, 1]);
  }
});

it.each(Object.entries(OF_RECORDS))('a record in %s counts as by itself, in three ways', async (_, wrap) => {
  const [bare] = await threeWays(RECORDS);
  const expected = bare && { ...counts(bare), sources: [] };
  expect(expected?.events).toBeGreaterThan(10);
  for (const traffic of await threeWays(RECORDS.map(line => wrap(parseObject(line) ?? {}))))
    expect({ ...counts(traffic), sources: [] }).toEqual(expected);
});

it.each([
  ['an envelope within an envelope', hec(JSON.parse(hec(ALLOWED))), [0, 1, 0]],
  [
    'an unknown record with the keys of Splunk and a text',
    hec('started', { time: '2027-01-02T03:04:05Z' }),
    [0, 1, 0],
  ],
  ['an event of Splunk with a further key', hec(ALLOWED, { sourcetype: 'a', level: 1 }), [0, 1, 0]],
  [
    'a record in the message of an unknown event of Splunk',
    hec({ level: 'info', message: ALLOWED }),
    [0, 1, 0],
  ],
  ['a text in the message of a hit', JSON.stringify({ _index: 'a', _source: { message: 'up' } }), [0, 1, 0]],
  [
    'a torn record in the message of a hit',
    JSON.stringify({ _index: 'a', _source: { message: '{"event":"egr' } }),
    [0, 0, 1],
  ],
  ['a torn event of Splunk', hec('{"event":"egr'), [0, 0, 1]],
  ['an empty response of Elasticsearch', '{"hits":{"hits":[]}}', [0, 1, 0]],
  ['an empty batch of OTLP', '{"resourceLogs":[]}', [0, 1, 0]],
  ['a batch of OTLP without records', '{"resourceLogs":[{"scopeLogs":[{}]},{}]}', [0, 1, 0]],
  ['a record of OTLP without a body', otlpOf([{ timeUnixNano: '1' }]), [0, 1, 0]],
  ['a batch of OTLP with a number for a list', otlpOf(5), [0, 0, 1]],
  ['a batch of OTLP with odd items', otlpOf([null, 7, 'x', { body: { stringValue: ALLOWED } }]), [1, 0, 3]],
  [
    'a control message of CloudWatch',
    '{"messageType":"CONTROL_MESSAGE","logEvents":[{"message":"x"}]}',
    [0, 1, 0],
  ],
  ['a line of Fluentd that is torn', '2027-01-02T03:04:05Z\ta\t{"event":"egr', [0, 0, 1]],
  [
    'a known record with the keys of an envelope',
    `{"event":"egress_deny","host":"a.example","logEvents":[${ALLOWED}],"messageType":"DATA_MESSAGE"}`,
    [1, 0, 0],
  ],
  [
    'what egresstop printed of an envelope',
    JSON.stringify({
      at: null,
      system: 'unrecognised',
      source: 'a',
      kind: 'x',
      verdict: null,
      raw: JSON.parse(hec(ALLOWED)),
    }),
    [0, 1, 0],
  ],
])('%s counts once, as no more than it is', async (_, line, expected) => {
  for (const traffic of await threeWays([DENIED, line]))
    expect([traffic.totals.total + traffic.info - 1, traffic.unrecognised.total, traffic.malformed]).toEqual(
      expected,
    );
});

it('a record in an envelope keeps its line, and has the time of the collector only where it has none', () => {
  const wrapped = Object.entries(ENVELOPES);
  const found: unknown[] = [];
  new LineDecoder(SYSTEMS).decode(
    { source: 'a.jsonl', first: 7, lines: wrapped.map(([, wrap]) => wrap([ALLOWED, DENIED, '{'])) },
    {
      event: ({ time }) => found.push(time?.slice(0, 19)),
      unrecognised: () => found.push('unrecognised'),
      malformed: ({ line, why }) => found.push([line, why.startsWith('through ')]),
    },
  );
  expect(found).toEqual(
    wrapped.flatMap((_, index) => ['2027-01-02T03:04:05', '2026-06-16T00:00:01', [7 + index, true]]),
  );
});

it('a record in an envelope keeps the digits of its numbers', () => {
  const record = ALLOWED.replace('}', ',"bytes":9007199254740993,"cost":0.10}');
  const raws: string[] = [];
  for (const line of [`{"event":${record},"time":1}`, `{"_index":"a","_source":${record}}`])
    new LineDecoder(SYSTEMS).decode(
      { source: 'a.jsonl', first: 1, lines: [line] },
      {
        event: ({ raw }) => raws.push(JSON.stringify(raw)),
        unrecognised: () => undefined,
        malformed: () => undefined,
      },
    );
  expect(raws).toEqual([record, record]);
});

it('an envelope of hostile depth or width is read in a time that grows with its length alone', async () => {
  const deep = `${'{"kvlistValue":{"values":[{"key":"a","value":'.repeat(150)}{}${'}]}}'.repeat(150)}`;
  const lines = [
    otlpOf(Array.from({ length: 20_000 }, () => ({}))),
    `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":${deep}}]}]}]}`,
    `{"resourceLogs":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    '{"event":'.repeat(50_000),
    `2027-01-02T03:04:05Z\ta\t${'{"log":'.repeat(50_000)}`,
  ];
  const [traffic] = await threeWays(lines);
  expect([traffic?.totals.total, traffic?.unrecognised.total]).toEqual([0, 20_000]);
}, 20_000);
