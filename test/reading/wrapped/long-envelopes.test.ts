import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Traffic } from '../../../src/core/traffic/traffic.ts';
import { LineDecoder } from '../../../src/reading/line-decoder.ts';
import type { Report } from '../../../src/report/report.ts';
import { followSources } from '../../../src/sources/follow.ts';
import { MAX_LINE_BYTES } from '../../../src/sources/lines/line-splitter.ts';
import { SYSTEMS } from '../../../src/systems/index.ts';
import { machine, type Run } from '../../commands/program.ts';
import { newFolder } from '../../sources/folder.ts';
import { until } from '../../until.ts';
import { ENVELOPES } from './envelopes.ts';
import { counts } from './three-ways.ts';

/** Records of some size, of which the answers are longer than any line that is held. */
const RECORDS = Array.from({ length: 900 }, (_, index) =>
  JSON.stringify({
    event: index % 3 === 0 ? 'egress_x_deny' : 'egress_x_allow',
    host: `h${index % 7}.example`,
    ts: new Date(Date.UTC(2026, 10, 19, 8, 0, index)).toISOString(),
    reason: `${index % 5} "[{\\ é`,
    note: 'n'.repeat(1_200),
  }),
);
const LONG = [
  'the results of a Splunk search',
  'OTLP JSON',
  'an Elasticsearch response',
  'a Loki response',
  'Loki streams',
  'a CloudWatch subscription',
];

type Sums = Partial<Report>;

const parsed = ({ stdout }: Run): Report => JSON.parse(stdout) as Report;

/** The report of a text by its bytes, and line by line; and its live sums while its file grows, once they are those of `wanted`. */
async function threeWays(text: string, wanted: number): Promise<readonly Sums[]> {
  const here = machine();
  const file = here.write('a.json', text);
  const [bytes, lines] = [
    parsed(await here.run(['report', '--json', file])),
    parsed(await here.run(['report', '--json', '--since', '2000-01-01T00:00:00Z', file])),
  ];
  return [{ ...bytes, problems: [] }, { ...lines, problems: [] }, await live(text, wanted)];
}

async function live(text: string, wanted: number): Promise<Sums> {
  const traffic = new Traffic();
  const decoder = new LineDecoder(SYSTEMS);
  const path = join(newFolder(), 'a.json');
  const half = Math.floor(text.length / 2);
  writeFileSync(path, text.slice(0, half));
  const following = followSources(
    [{ type: 'path', path }],
    {
      lines: batch =>
        decoder.decode(batch, {
          event: event => traffic.add(event, 0),
          unrecognised: (event, record) => traffic.addUnrecognised(event, record),
          malformed: problem => traffic.addMalformed(problem),
        }),
      status: () => undefined,
    },
    { pollMs: 20 },
  );
  onTestFinished(() => following.stop());
  await following.caughtUp;
  appendFileSync(path, text.slice(half));
  await until(() => traffic.totals.total === wanted);
  await following.stop();
  return counts(traffic);
}

const pretty = (text: string): string => JSON.stringify(JSON.parse(text), null, 2);

describe.each(LONG)('%s, longer than a line may be,', name => {
  const whole = (ENVELOPES[name] ?? (() => ''))(RECORDS);

  it.each<[string, string, readonly string[]]>([
    ['on one line', whole, RECORDS],
    ['over many lines', pretty(whole), RECORDS],
    ['twice', `${whole}\n${whole}`, [...RECORDS, ...RECORDS]],
    [
      'before other records',
      `${whole}\n${RECORDS.slice(0, 9).join('\n')}`,
      [...RECORDS, ...RECORDS.slice(0, 9)],
    ],
  ])(
    'the records of a long envelope count one by one %s, by the bytes, by the lines and live',
    async (_where, text, bare) => {
      expect(Buffer.byteLength(whole)).toBeGreaterThan(MAX_LINE_BYTES);
      const [wanted] = await threeWays(`${bare.join('\n')}\n`, bare.length);
      for (const sums of await threeWays(`${text}\n`, bare.length)) expect(sums).toEqual(wanted);
    },
  );

  it('a long envelope gives its whole records where it is cut off, and the line behind it counts', async () => {
    const within = 'n'.repeat(600);
    const cut = whole.slice(0, whole.indexOf(within, MAX_LINE_BYTES) + 300);
    const held = [...cut.matchAll(/n{1200}/g)].length;
    const reports = await threeWays(`${cut}\n${RECORDS[0] ?? ''}\n`, held + 1);
    for (const { events, malformed } of reports) expect([events, malformed]).toEqual([held + 1, 1]);
  });

  it('a long envelope is told, with the program that prints its records, where it stands behind other lines', async () => {
    const here = machine();
    const { problems } = parsed(
      await here.run(['report', '--json', here.write('a.jsonl', `${RECORDS[0] ?? ''}\n${whole}\n`)]),
    );
    expect(problems).toMatchObject([
      {
        line: 2,
        why: expect.stringMatching(/^a line of \d+ bytes: .+, longer than 1 MiB$/) as string,
        remedy: expect.stringContaining('put each record on a line of its own: `jq -') as string,
      },
    ]);
  });
});
