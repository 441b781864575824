import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../../src/report/report.ts';
import { openInRanges } from '../../../src/sources/lines/line-ranges.ts';
import { decodeLine } from '../../../src/systems/decode-line.ts';
import { SYSTEMS } from '../../../src/systems/index.ts';
import { fixturePath } from '../../commands/program.ts';
import { newFolder } from '../../sources/folder.ts';
import { decoded, LINES } from '../generated-log.ts';
import { ENVELOPES } from './envelopes.ts';
import { bulk, counts, plain, threeWays } from './three-ways.ts';
import { sized } from '../../runs.ts';

/*
 * Whole records with something around them, read in three ways: by the bytes, line by line, and live from a file that grows. Each way
 * has to give the report of the bare records.
 */

const docker = (log: string, stream = 'stdout'): string =>
  JSON.stringify({ log, stream, time: '2027-01-02T03:04:05.123456789Z' });
const journal = (message: unknown, more: object = {}): string =>
  JSON.stringify({ MESSAGE: message, __REALTIME_TIMESTAMP: '1798859045123456', _PID: '7', ...more });
/** When a collector got a line. */
const AT = '2027-01-02T03:04:05.123Z';
const cri = (tag: string, text: string, stream = 'stdout'): string =>
  `2027-01-02T03:04:05.123456789+01:00 ${stream} ${tag} ${text}`;
/** Cut into pieces, with the pieces of another stream's line between them. */
function cut(record: string): readonly [string, string, string] {
  const third = Math.ceil(record.length / 3);
  return [record.slice(0, third), record.slice(third, 2 * third), record.slice(2 * third)];
}

/** Wrappings of any line, in which it counts as it would by itself. */
const CARRIERS: Readonly<Record<string, (line: string) => readonly string[]>> = {
  'docker json-file': line => [docker(`${line}\n`)],
  'docker json-file with CRLF': line => [docker(`${line}\r\n`, 'stderr')],
  'docker json-file in pieces': line => {
    const [one, two, three] = cut(line);
    return [
      docker(one),
      docker('{"torn', 'stderr'),
      docker(two),
      docker('":1}\n', 'stderr'),
      docker(`${three}\n`),
    ];
  },
  CRI: line => [cri('F', line)],
  'CRI in pieces': line => {
    const [one, two, three] = cut(line);
    return [
      cri('P', one),
      cri('P:x', '{"torn', 'stderr'),
      cri('P', two),
      cri('F', '":1}', 'stderr'),
      cri('F', three),
    ];
  },
  'journald text': line => [journal(line)],
  'journald bytes': line => [journal([...Buffer.from(line)])],
  'journald in pieces': line => {
    const [one, two, three] = cut(line);
    const more = { CONTAINER_PARTIAL_MESSAGE: 'true' };
    return [journal(one, more), journal(two, { _LINE_BREAK: 'line-max' }), journal(three)];
  },
  Vector: line => [
    JSON.stringify({ file: '/a', host: 'n', message: line, source_type: 'file', timestamp: AT }),
  ],
  'Fluent Bit': line => [JSON.stringify({ date: 1798859045.1, log: line, kubernetes: { pod_name: 'a' } })],
  Filebeat: line => [JSON.stringify({ '@timestamp': AT, log: { offset: 1 }, message: line, ecs: {} })],
  'Fluent Bit to Elasticsearch': line => [
    JSON.stringify({ '@timestamp': AT, log: line, stream: 'stdout', kubernetes: { pod_name: 'a' } }),
  ],
  'Fluentd without times': line => [
    JSON.stringify({ log: `${line}\n`, stream: 'stderr', docker: {}, kubernetes: { pod_name: 'a' } }),
  ],
  Logstash: line => [
    JSON.stringify({ '@timestamp': AT, '@version': '1', message: line, host: { name: 'n' } }),
  ],
  GELF: line => [
    JSON.stringify({ version: '1.1', host: 'n', short_message: line, timestamp: 1798859045.123, level: 6 }),
  ],
  'stern JSON': line => [
    JSON.stringify({
      message: `${line}\n`,
      nodeName: 'n',
      namespace: 'd',
      podName: 'p-1',
      containerName: 'c',
    }),
  ],
  'Loki (logcli)': line => [JSON.stringify({ labels: { app: 'a' }, line, timestamp: AT })],
  'CloudWatch Logs': line => [
    JSON.stringify({
      logStreamName: 's',
      timestamp: 1798859045123,
      message: line,
      ingestionTime: 1,
      eventId: '1',
    }),
  ],
  'JSON texts': line => [JSON.stringify(line)],
  ...Object.fromEntries(
    Object.entries(ENVELOPES).map(([name, wrap]) => [name, (line: string) => [wrap([line])]]),
  ),
};

/** Wrappings of whole records. */
const WRAPPERS: Readonly<Record<string, (record: string) => string>> = {
  'a stern prefix': record => `agent-7d4f9 mediator ${record}`,
  'a pod prefix': record => `[pod/agent-0/mediator] ${record}`,
  'a compose prefix': record => `mediator-1  | ${record}`,
  'RFC 3164': record => `<134>Jun  6 00:00:09 node mediator[123]: ${record}`,
  'RFC 5424': record =>
    `<165>1 2027-01-02T03:04:05.003Z node mediator 8710 ID47 [x@32473 iut="3" source="App"] \uFEFF${record}`,
  'tracing text': record => `2027-01-02T03:04:05.123456Z  INFO agent{id="a 1"}: audit: ${record}`,
  'coloured tracing text': record =>
    `\x1b[2m2027-01-02T03:04:05.1Z\x1b[0m \x1b[32m INFO\x1b[0m \x1b[2maudit\x1b[0m\x1b[2m:\x1b[0m ${record}`,
  'env_logger text': record => `[2027-01-02T03:04:05Z INFO  audit] ${record}`,
  'colours of jq': record => `\x1b[1;39m${record.replace('{', '{\x1b[0m\x1b[34;1m')}\x1b[0m`,
  'grep --color': record => `\x1b[01;31m\x1b[K${record}\x1b[m\x1b[K`,
  'an erased line and a hidden cursor': record => `\x1b[?25l\x1b[2K${record}\x1b[0K`,
  'a link': record => `\x1b]8;;https://a.example\x07${record}\x1b]8;;\x1b\\`,
  'a record separator': record => `\x1e${record}`,
  'a comma': record => `${record},`,
  'a comma and a blank': record => `${record} , `,
  'a byte order mark': record => `\uFEFF${record}`,
  'NUL bytes': record => `${'\0'.repeat(5_000)}${record}`,
  'everything at once': record => `\0\uFEFF\x1e\x1b[32m${record}\x1b[0m,`,
};

/** Records of every system that have a time of their own. */
const RECORDS = LINES.filter((line, index) => {
  const found = decodeLine(line, { source: 'a', agent: null }, SYSTEMS);
  return index % sized(21, 7) === 0 && found.type === 'event' && found.event.at !== null;
});
/** Lines of systems that write text, and how many of them rule. */
const TEXT_LINES = ['squid-access.log', 'awf-access.log'].flatMap(name =>
  readFileSync(fixturePath(name), 'utf8').trimEnd().split('\n'),
);
const TEXT_DECISIONS = TEXT_LINES.filter(line => {
  const found = decodeLine(line, { source: 'a', agent: null }, SYSTEMS);
  return found.type === 'event' && found.event.verdict !== null;
}).length;
/** A record that no system owns, and a line that is no JSON. */
const UNKNOWN = '{"type":"startup","time":"2026-11-19T08:00:00Z","note":"{\\"event\\":\\"egress_allow\\"}"}';
const TEXT = 'listening on port 80 {x}';

async function bare(lines: readonly string[]): Promise<Partial<Report>> {
  const path = join(newFolder(), 'a.jsonl');
  writeFileSync(path, `${lines.join('\n')}\n`);
  return counts(await plain(path));
}

/** Unrecognised records are compared by name and number: their places differ. */
const comparable = ({ unrecognisedNames, ...rest }: Partial<Report>): unknown => ({
  ...rest,
  names: unrecognisedNames?.map(({ name, count }) => ({ name, count })),
});

describe('a whole record counts once, whatever stands around it', () => {
  it.each(Object.entries(CARRIERS))(
    'any line through %s counts as by itself, in three ways',
    async (name, wrap) => {
      const lines = [...RECORDS, UNKNOWN, TEXT, ''];
      const torn =
        name.startsWith('journald') || !name.includes('pieces') ? [] : lines.map(() => '{"torn":1}');
      const expected = comparable(await bare([...lines, ...torn]));
      for (const traffic of await threeWays(lines.flatMap(wrap)))
        expect(comparable(counts(traffic))).toEqual(expected);
    },
  );

  it.each(Object.entries(WRAPPERS))('a record in %s counts as by itself, in three ways', async (_, wrap) => {
    const expected = comparable(await bare(RECORDS));
    for (const traffic of await threeWays(RECORDS.map(wrap)))
      expect(comparable(counts(traffic))).toEqual(expected);
  });

  it.each(
    Object.entries({
      'a compose prefix': (line: string) => `proxy-1  | ${line}`,
      'a coloured compose prefix': (line: string) => `\x1b[36mproxy-1  | \x1b[0m${line}`,
      'docker logs --timestamps': (line: string) => `2027-01-02T03:04:05.003Z ${line}`,
      'compose and timestamps': (line: string) => `proxy-1  | 2027-01-02T03:04:05.003Z ${line}`,
      'RFC 3164': (line: string) => `<134>Jun  6 00:00:09 node squid[123]: ${line}`,
      'RFC 5424': (line: string) => `<134>1 2027-01-02T03:04:05.003Z node squid 8710 - - ${line}`,
      'syslog with ISO times': (line: string) => `2027-01-02T03:04:05+0100 node squid[123]: ${line}`,
      'a pod prefix': (line: string) => `[pod/proxy-0/squid] ${line}`,
      'a stern prefix': (line: string) => `proxy-7d4f9 squid ${line}`,
      'a coloured stern prefix': (line: string) => `\x1b[35mproxy-7d4f9\x1b[0m \x1b[36msquid\x1b[0m ${line}`,
      'colours around it': (line: string) => `\x1b[01;31m\x1b[K${line}\x1b[m\x1b[K`,
      'a record separator': (line: string) => `\x1e${line}`,
      'a byte order mark': (line: string) => `\uFEFF${line}`,
      'NUL bytes': (line: string) => `${'\0'.repeat(5_000)}${line}`,
      'signs and a pod prefix': (line: string) => `\0\uFEFF\x1b[32m[pod/proxy-0/squid] ${line}\x1b[0m`,
    }),
  )('a line of text behind %s counts as by itself, in three ways', async (_, wrap) => {
    const expected = comparable(await bare(TEXT_LINES));
    expect(expected).toMatchObject({ malformed: 0, events: TEXT_DECISIONS });
    for (const traffic of await threeWays(TEXT_LINES.map(wrap)))
      expect(comparable(counts(traffic))).toEqual(expected);
  });

  it('any line of text through a collector counts as by itself, in three ways', async () => {
    const expected = comparable(await bare(TEXT_LINES));
    for (const [name, wrap] of Object.entries(CARRIERS).filter(([carrier]) => !carrier.includes('pieces')))
      for (const traffic of await threeWays(TEXT_LINES.flatMap(wrap)))
        expect([name, comparable(counts(traffic))]).toEqual([name, expected]);
  });

  it('records that are glued together count one by one, in three ways', async () => {
    const expected = comparable(await bare(RECORDS));
    for (const glue of ['', ' ', ',', '\x1e', '\0\0', '\x1b[0m\x1b[32m'])
      for (const traffic of await threeWays([RECORDS.join(glue)]))
        expect(comparable(counts(traffic))).toEqual(expected);
  });

  it('any wrapper within any carrier gives the same by the bytes as line by line', () => {
    const wrap = fc.constantFrom(...Object.values(WRAPPERS), (line: string) => line);
    const carry = fc.constantFrom(...Object.values(CARRIERS), (line: string) => [line]);
    const line = fc
      .tuple(fc.constantFrom(...LINES, UNKNOWN, TEXT), wrap, carry)
      .map(([record, around, carrier]) => carrier(around(record)));
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 9_000 }),
        (lines, size) => {
          const bytes = Buffer.from(`${lines.flat().join('\n')}\n`);
          const whole = { ...decoded(bytes), problems: [] };
          expect(counts(bulk('a.jsonl', bytes, size))).toEqual(whole);
        },
      ),
      { numRuns: 60 },
    );
  });
});

const ALLOWED = '{"event":"egress_allow","host":"a.example"}';
const DENIED_TEXT = '[SandboxDebug] No matching config rule, denying: b.example:443';
const DENIED = '{"event":"egress_deny","host":"b.example","reason":"r","ts":"2026-06-16T00:00:01Z"}';

describe('nothing is counted that is no record by itself', () => {
  it.each([
    [
      'a known record with JSON in a field',
      `{"event":"egress_deny","host":"b.example","reason":${JSON.stringify(ALLOWED)}}`,
      [1, 0, 0],
    ],
    [
      'a known record with docker keys',
      `{"event":"egress_deny","host":"b.example","log":${JSON.stringify(`${ALLOWED}\n`)},"stream":"stdout","time":"x"}`,
      [1, 0, 0],
    ],
    [
      'an unknown record with JSON in a field',
      `{"message":${JSON.stringify(ALLOWED)},"level":"info"}`,
      [0, 1, 0],
    ],
    [
      'a docker line with further keys',
      `{"log":${JSON.stringify(ALLOWED)},"stream":"stdout","time":"x","level":1}`,
      [0, 1, 0],
    ],
    ['docker within docker', docker(`${docker(`${ALLOWED}\n`)}\n`), [0, 1, 0]],
    ['an unknown record with a record as a field', `{"entry":${ALLOWED}}`, [0, 1, 0]],
    ['a torn record with a whole one as a field', `{"system":"x","raw":${ALLOWED}`, [0, 0, 1]],
    ['a torn list with a whole record', `note ["x",${ALLOWED}`, [0, 0, 1]],
    ['a record in quotes', `msg="${ALLOWED}"`, [0, 0, 1]],
    ['a record behind an open quote', `msg="x ${ALLOWED}`, [0, 0, 1]],
    ['a record that is escaped in a text', `msg=${JSON.stringify(ALLOWED)}`, [0, 0, 1]],
    ['a record with a text behind it', `${ALLOWED} said the agent`, [0, 0, 1]],
    ['two records behind a text', `mediator | ${ALLOWED}${DENIED}`, [0, 0, 1]],
    ['a record within brackets that are no JSON', `call{x: ${ALLOWED}}`, [0, 0, 1]],
    ['a record with a colour within its text', ALLOWED.replace('a.ex', 'a\x1b[31m.ex'), [0, 0, 1]],
    ['a line of text behind words of no known form', `the agent said ${DENIED_TEXT}`, [0, 0, 1]],
    ['a line of text with words behind it', `proxy-0 squid [SandboxDebug] x ${DENIED_TEXT}`, [1, 0, 0]],
    ['a text before an object of no system', 'started with {"a":1}', [0, 0, 1]],
    ['a known prefix before an object of no system', 'mediator-1 | {"type":"x","a":1}', [0, 1, 0]],
    ['a whole record and the beginning of one', `${ALLOWED}{"event":"egr`, [1, 0, 1]],
  ])('%s', async (_, line, expected) => {
    for (const traffic of await threeWays([DENIED, line]))
      expect([
        traffic.totals.total + traffic.info - 1,
        traffic.unrecognised.total,
        traffic.malformed,
      ]).toEqual(expected);
  });
});

async function timesOf(lines: readonly string[]): Promise<readonly (string | null)[]> {
  const [traffic] = await threeWays(lines);
  return [...(traffic?.recent.newestFirst() ?? [])].reverse().map(({ time }) => time);
}

describe('the time of what carried a record', () => {
  it('counts only where the record has none', async () => {
    expect(
      await timesOf([
        docker(`${ALLOWED}\n`),
        docker(`${DENIED}\n`),
        cri('F', ALLOWED),
        journal(ALLOWED),
        `2027-01-02T03:04:05.5Z  INFO audit: ${ALLOWED}`,
        `Jun 16 00:00:09 node mediator[123]: ${ALLOWED}`,
      ]),
    ).toEqual([
      '2027-01-02T03:04:05.123456789Z',
      '2026-06-16T00:00:01Z',
      '2027-01-02T02:04:05.123456789Z',
      '2027-01-02T03:04:05.123Z',
      '2027-01-02T03:04:05.5Z',
      null,
    ]);
  });
});

describe('a record that is no JSON', () => {
  const broken = '{"event":"egress_x_deny","host":"a.example","bytes":NaN}';
  const why = 'not JSON: NaN is no number of JSON';

  it.each<[string, string, number | null, string]>([
    ['by itself', broken, 53, why],
    ['behind the prefix of a service', `mediator | ${broken}`, 64, `docker compose: ${why}`],
    [
      'behind two prefixes',
      `mediator | 2027-01-02T03:04:05Z ${broken}`,
      85,
      `docker compose: docker logs --timestamps: ${why}`,
    ],
    [
      'through docker',
      docker(`${broken}\n`),
      null,
      `through docker json-file: ${why}, at column 53 of its line`,
    ],
    [
      'through a container runtime',
      cri('F', broken),
      null,
      `through the container runtime (CRI): ${why}, at column 53 of its line`,
    ],
  ])('%s is malformed at its place, and counts no verdict on any path', async (_where, line, column, why) => {
    for (const traffic of await threeWays([line, ALLOWED])) {
      expect(counts(traffic)).toMatchObject({ events: 1, malformed: 1, verdicts: { allow: 1, deny: 0 } });
      const problems = [...traffic.problems.newestFirst()].filter(({ severity }) => severity === 'error');
      expect(problems).toMatchObject([
        { line: 1, column, why, remedy: expect.stringContaining('write null') as string },
      ]);
    }
  });
});

describe('what is said of the wrapping', () => {
  it('each way of wrapping is named once for a source', async () => {
    for (const traffic of await threeWays([
      ...RECORDS.map(line => docker(`${line}\n`)),
      `${ALLOWED},`,
      `${DENIED},`,
    ])) {
      expect([...traffic.sources.through.values()]).toEqual([['docker json-file', 'commas behind records']]);
      expect([...traffic.problems.newestFirst()].map(({ why }) => why).sort()).toEqual([
        'records are read through commas behind records',
        'records are read through docker json-file',
      ]);
    }
  });

  it.each([
    [
      docker('listening\n'),
      'through docker json-file: not JSON',
      'read it by `docker logs`, or through `jq -r .log`',
    ],
    [
      cri('F', 'listening'),
      'through the container runtime (CRI): not JSON',
      'read it by `kubectl logs` or `crictl logs`',
    ],
    [journal(null), 'its MESSAGE was left out', 'print it by `journalctl --all -o json`'],
    [
      `mediator | ${ALLOWED}${DENIED}`,
      '2 JSON objects beside other text',
      'let the writer put each record on a line of its own',
    ],
    [
      '2027-01-02T03:04:05Z  INFO x: up',
      'tracing text without a record',
      'let the program write its audit log to a file: set tools.audit.destination to a path',
    ],
  ])('a line that cannot be read says what it is and what to do', async (line, why, remedy) => {
    const [traffic] = await threeWays([line]);
    const problem = [...(traffic?.problems.newestFirst() ?? [])].find(({ severity }) => severity === 'error');
    expect(problem?.why).toContain(why);
    expect(problem?.remedy).toBe(remedy);
  });

  it('a line whose last piece never comes is malformed once its log is over', async () => {
    const path = join(newFolder(), 'a.jsonl');
    const bytes = Buffer.from(`${docker('{"event":"egress_deny","ho')}\n`);
    writeFileSync(path, bytes);
    expect((await plain(path)).malformed).toBe(1);
    expect(bulk(path, bytes, 4).malformed).toBe(1);
  });

  it('a last line that its program did not end is a whole record', async () => {
    for (const traffic of await threeWays([docker(ALLOWED), docker('\n'), docker(DENIED)]))
      expect([traffic.totals.total, traffic.malformed]).toEqual([2, 0]);
  });

  it('a log whose lines are cut into pieces is not divided among threads', async () => {
    const divided = async (line: string): Promise<boolean> => {
      const path = join(newFolder(), 'a.jsonl');
      writeFileSync(path, `${line}\n`.repeat(100));
      const file = await openInRanges(path, size => [size / 2]);
      await file?.close();
      return file !== null;
    };
    expect(await Promise.all([docker('x\n'), cri('F', DENIED), journal(DENIED)].map(divided))).toEqual([
      false,
      false,
      false,
    ]);
    expect(await Promise.all([DENIED, `node mediator: ${DENIED}`].map(divided))).toEqual([true, true]);
  });

  it('a line of more than 1 MiB in pieces is measured and not held', async () => {
    const piece = docker('x'.repeat(16 * 1024));
    for (const traffic of await threeWays([...Array<string>(80).fill(piece), docker('"}\n')]))
      expect([traffic.totals.total, traffic.malformed]).toEqual([0, 1]);
  });
});
