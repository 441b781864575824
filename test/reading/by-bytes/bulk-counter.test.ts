import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BulkCounter, type BulkOptions } from '../../../src/reading/by-bytes/bulk-counter.ts';
import { Traffic } from '../../../src/core/traffic/traffic.ts';
import { buildReport, type Report } from '../../../src/report/report.ts';
import type { System } from '../../../src/systems/system.ts';
import { SYSTEMS } from '../../../src/systems/index.ts';
import { decoded, generatedLog, LOGS, spelled } from '../generated-log.ts';
import { fixturePath } from '../../commands/program.ts';
import { runs } from '../../runs.ts';

const counterOf = (traffic: Traffic, options: Partial<BulkOptions> = {}): BulkCounter =>
  new BulkCounter({
    source: 'a.jsonl',
    systems: SYSTEMS,
    measuresDurations: false,
    counted: table => traffic.addTable(table, { from: 0, to: table.size }),
    unrecognised: record => traffic.countUnrecognised({ ...record, count: 1 }),
    malformed: problem => traffic.addMalformed(problem),
    notice: problem => traffic.addProblem(problem),
    ...options,
  });

/** The same by the bulk, in chunks that are overwritten once they were read. */
function counted(
  bytes: Buffer,
  chunkBytes: number,
): { readonly report: Report; readonly decodedLines: number } {
  const traffic = new Traffic();
  const counter = counterOf(traffic);
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    const chunk = Buffer.from(bytes.subarray(start, start + chunkBytes));
    counter.push({ bytes: chunk });
    chunk.fill(0x7b);
  }
  counter.end();
  counter.flush();
  return { report: buildReport(traffic), decodedLines: counter.decodedLines };
}

describe('counting by bytes is decoding and counting', () => {
  it.each([...LOGS, 'squid-access.log', 'awf-access.log'])('%s', name => {
    const bytes = readFileSync(fixturePath(name));
    expect(counted(bytes, 1 << 20).report).toEqual(decoded(bytes));
  });

  it('any lines are counted by bytes as they are decoded, damaged or not, however they are cut into chunks', () => {
    fc.assert(
      fc.property(generatedLog, fc.integer({ min: 1, max: 9_000 }), (bytes, chunkBytes) => {
        expect(spelled(counted(bytes, chunkBytes).report)).toBe(spelled(decoded(bytes)));
      }),
      { numRuns: runs(2_000) },
    );
  });

  it('what one kind of record has a host from says nothing of another', () => {
    const dst = (event: string): string =>
      `{"event":"${event}","ts":"2026-11-19T08:00:00Z","dst":"192.0.2.7:443"}\n`;
    const bytes = Buffer.from(
      ['{"event":"egress_x_deny","ts":"2026-11-19T08:00:00Z","dst":"192.0.2.9:443"}\n', dst('broker_x_deny')]
        .concat(dst('egress_x_deny'), dst('egress_x_deny'))
        .join(''),
    );
    expect(counted(bytes, 1 << 20).report).toEqual(decoded(bytes));
  });

  it('a status that spells no number says nothing of one that does', () => {
    const status = (value: string): string =>
      `{"timestamp":"1795075234","kind":"egress","host":"a.example","status":"${value}"}\n`;
    const texts = ['none', 'none', '200', '\\u0032\\u003012', 'none', '404'];
    const bytes = Buffer.from(texts.map(status).join(''));
    const { report } = counted(bytes, 1 << 20);
    expect(report).toEqual(decoded(bytes));
    expect(report.verdicts).toMatchObject({ allow: 3, error: 3 });
  });

  it('a value that is decoded to two things is counted as each record says', () => {
    const zeph = SYSTEMS.find(({ name }) => name === 'zeph') as System;
    /** Its shape says that the host depends on `host` alone. */
    const odd: System = {
      ...zeph,
      decode: (record, origin) => ({
        ...zeph.decode(record, origin),
        host: record['tool'] === 'search' ? 'searched.example' : 'a.example',
      }),
    };
    const line = (tool: string): string =>
      `{"timestamp":"1795075234","kind":"egress","correlation_id":"1","tool":"${tool}","url":"","host":"a.example","status":200}\n`;
    const lines = ['fetch', 'fetch', 'fetch', 'search', 'search', 'fetch'].map(line);
    const traffic = new Traffic();
    const counter = counterOf(traffic, { systems: [odd] });
    counter.push({ bytes: Buffer.from(lines.join('')) });
    counter.end();
    counter.flush();
    const found = [...traffic.hosts.values()].map(({ name, counts }) => [name, counts.total]);
    expect(Object.fromEntries(found)).toEqual({ 'a.example': 4, 'searched.example': 2 });
  });

  it('records outside a window are passed by, and told', () => {
    const [since, until] = [1_795_075_300_000, 1_795_075_400_000];
    const line = (at: number | null, kind: string): string =>
      `{${at === null ? '' : `"timestamp":"${at}",`}"kind":"${kind}","correlation_id":"1","tool":"fetch","url":"","host":"a.example","status":200}\n`;
    const times = [1_795_075_299, 1_795_075_300, 1_795_075_399, 1_795_075_400, null];
    const bytes = Buffer.from(times.flatMap(at => [line(at, 'egress'), line(at, 'later')]).join(''));
    const traffic = new Traffic();
    const passed = { records: 0, decisions: 0, untimed: 0 };
    const counter = counterOf(traffic, {
      selection: {
        isSelected: ({ at }) => at !== null && at >= since && at < until,
        isTimed: true,
        window: { since, until },
      },
      passedBy: ({ records, decisions, untimed }) => {
        passed.records += records;
        passed.decisions += decisions;
        passed.untimed += untimed;
      },
    });
    for (let start = 0; start < bytes.length; start += 700)
      counter.push({ bytes: bytes.subarray(start, start + 700) });
    counter.end();
    counter.flush();
    expect([traffic.totals.total, traffic.info]).toEqual([2, 2]);
    expect(passed).toEqual({ records: 6, decisions: 3, untimed: 2 });
  });

  it('hardly a record is decoded where each has its keys in another order, with blanks or without', () => {
    const spells = [
      ([key, value]: readonly [string, string]) => `${key}:${value}`,
      ([key, value]: readonly [string, string]) => `${key} : ${value} `,
    ];
    const fields = [
      ['"timestamp"', '"1795075234"'],
      ['"kind"', '"egress"'],
      ['"correlation_id"', '"1"'],
      ['"tool"', '"fetch"'],
      ['"url"', '""'],
      ['"method"', '"GET"'],
      ['"host"', '"a.example"'],
      ['"status"', '200'],
      ['"response_bytes"', '12'],
    ] as const;
    const line = (index: number): string => {
      const keys = fields.toSorted(
        ([one], [other]) => ((one.length * 7 + index * 31) % 13) - ((other.length * 7 + index * 17) % 11),
      );
      const turned = [...keys.slice(index % keys.length), ...keys.slice(0, index % keys.length)];
      return `{ ${turned.map((field, place) => (spells[(index + place) % 2] as (typeof spells)[0])(field)).join()}}\n`;
    };
    const lines = Array.from({ length: 3_000 }, (_, index) => line(index));
    const bytes = Buffer.from([...lines, '{}\n', lines[0]?.replace('"GET"', '"GET","kind":"x"')].join(''));
    const { report, decodedLines } = counted(bytes, 1 << 20);
    expect(report).toEqual(decoded(bytes));
    expect(decodedLines).toBeLessThan(20);
  });

  it.each(['zeph-audit.jsonl', 'microagent-egress.jsonl', 'orcarouter-events.jsonl'])(
    'hardly a line of %s is decoded',
    name => {
      const bytes = readFileSync(fixturePath(name));
      const many = Buffer.concat(Array<Buffer>(20).fill(bytes));
      expect(counted(many, 1 << 16).decodedLines).toBeLessThan(many.toString().split('\n').length / 10);
    },
  );
});
