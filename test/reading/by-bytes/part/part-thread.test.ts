import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../../src/core/limits.ts';
import { SUM_CELL } from '../../../../src/core/traffic/sums/event-sum.ts';
import { Charts } from '../../../../src/core/traffic/time/charts.ts';
import { Traffic } from '../../../../src/core/traffic/traffic.ts';
import {
  PartCounter,
  type CountsPart,
  type PartCount,
} from '../../../../src/reading/by-bytes/part/part-counter.ts';
import { PartThread } from '../../../../src/reading/by-bytes/part/part-thread.ts';
import { selectionOf, systemsFor, type SourceOptions } from '../../../../src/reading/selection.ts';
import { SourceError } from '../../../../src/sources/trouble.ts';
import { fixturePath } from '../../../commands/program.ts';
import { sums } from '../../../core/traffic/traffic-sums.ts';

const NOW = Date.UTC(2026, 10, 20);
const PART = { source: 'a.jsonl', maxSums: { fewHosts: 16_384, manyHosts: 16_384 }, now: NOW };
const LOG = Buffer.concat(
  Array<Buffer>(40).fill(
    Buffer.concat([
      readFileSync(fixturePath('zeph-audit.jsonl')),
      readFileSync(fixturePath('microagent-egress.jsonl')),
      Buffer.from('no record\n'),
    ]),
  ),
);

/** The log in two blocks, the newest first, in chunks of which some are larger than a place of the thread. */
async function counted(counter: CountsPart, traffic: Traffic, { holds = false } = {}) {
  const middle = LOG.indexOf('\n', LOG.length / 2) + 1;
  const counts: PartCount[] = [];
  for (const [start, end] of [
    [middle, LOG.length],
    [0, middle],
  ] as const) {
    counter.begin(start === 0);
    for (let from = start; from < end; from += 700_000) {
      const bytes = Buffer.from(LOG.subarray(from, Math.min(from + 700_000, end)));
      await counter.push({ bytes });
      bytes.fill(0x7b);
    }
    counts.push(await counter.take({ isWhole: true, withSums: !holds || start === 0 }));
  }
  const charts = new Charts();
  for (const { charted } of counts)
    for (const [at, verdict, count] of charted) charts.addAll(at, verdict, count);
  traffic.charts.merge(charts);
  return counts.map(count => ({ ...count, charted: [] }));
}

const adding = (traffic: Traffic) => (table: Parameters<Traffic['addTable']>[0]) =>
  traffic.addTable(table, { from: 0, to: table.size });

describe('a thread that counts a part', () => {
  it.each<SourceOptions>([{}, { since: '2026-11-19T08:01:00Z' }, { filter: 'verdict:deny' }])(
    'a thread counts a log as this thread does: %j',
    async choice => {
      const [here, there] = [new Traffic(LIMITS), new Traffic(LIMITS)];
      const own = new PartCounter(PART, {
        systems: systemsFor(choice),
        selection: selectionOf(choice, NOW),
        counted: adding(here),
      });
      const thread = await PartThread.start({ choice, agents: new Map(), now: NOW });
      if (!thread) throw new Error('the machine gave no thread');
      const expected = await counted(own, here);
      expect(expected.map(({ malformed }) => malformed)).toEqual(expect.arrayContaining([20]));
      expect(await counted(thread.part(PART, adding(there)), there)).toEqual(expected);
      expect(sums(there)).toEqual(sums(here));
      await thread.stop();
    },
  );

  it('sums that are held come with the next ones, and nothing is missing', async () => {
    const ports = { systems: systemsFor({}), selection: null };
    const [plain, held] = [new Traffic(LIMITS), new Traffic(LIMITS)];
    await counted(new PartCounter(PART, { ...ports, counted: adding(plain) }), plain);
    const tables: number[] = [];
    const counts = await counted(
      new PartCounter(PART, {
        ...ports,
        counted: table => {
          tables.push(table.size);
          adding(held)(table);
        },
      }),
      held,
      { holds: true },
    );
    expect(tables).toHaveLength(1);
    expect(counts[0]).toMatchObject({ read: { records: 0, decisions: 0 }, malformed: 20 });
    expect(sums(held)).toEqual(sums(plain));
  });

  it.each([
    ['the same time', 1_795_075_200, 201],
    ['a later time', 1_795_075_260, 404],
  ])(
    'a status of an older block with %s: a held sum has the status of the newest record',
    async (_, at, status) => {
      const line = (time: number, code: number): Buffer =>
        Buffer.from(
          `{"timestamp":"${time}","kind":"egress","tool":"fetch","url":"https://a.example/","host":"a.example","status":${code}}\n`.repeat(
            3,
          ),
        );
      const statuses: number[] = [];
      const counter = new PartCounter(PART, {
        systems: systemsFor({}),
        selection: null,
        counted: ({ cells }) => statuses.push(cells[SUM_CELL.status] ?? Number.NaN),
      });
      counter.begin(false);
      await counter.push({ bytes: line(1_795_075_200, 201) });
      await counter.take({ isWhole: true, withSums: false });
      counter.begin(true);
      await counter.push({ bytes: line(at, 404) });
      await counter.take({ isWhole: true, withSums: true });
      expect(statuses).toEqual([status]);
    },
  );

  it('a thread that has ended refuses lines, so that nothing is taken for counted', async () => {
    const thread = await PartThread.start({ choice: {}, agents: new Map(), now: NOW });
    const counter = thread?.part(PART, () => undefined);
    counter?.begin(true);
    await thread?.stop();
    await expect(counter?.push({ bytes: LOG })).rejects.toBeInstanceOf(SourceError);
    await expect(counter?.take({ isWhole: true, withSums: true })).rejects.toBeInstanceOf(SourceError);
  });
});
