import {
  appendFileSync,
  copyFileSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeProblem } from '../../src/core/problem.ts';
import type { Traffic } from '../../src/core/traffic/traffic.ts';
import type { OlderPart } from '../../src/sources/source.ts';
import { compareText } from '../../src/core/traffic/tally.ts';
import { sums } from '../core/traffic/traffic-sums.ts';
import { newFolder } from '../sources/folder.ts';
import { until } from '../until.ts';
import { generatedLog } from './generated-log.ts';
import { BITS, countingOf, WHOLE, type CountingOptions } from './newest-first.ts';
import { fixturePath } from '../commands/program.ts';
import { sized } from '../runs.ts';

/** All that a screen shows of what was counted; `recent` apart, of which newest first keeps the newest alone. */
function shown(traffic: Traffic) {
  const { recent, ...counts } = sums(traffic);
  return {
    ...counts,
    events: recent.length + traffic.recent.dropped,
    malformed: traffic.malformed,
    read: [...traffic.sources.entries()].toSorted(([one], [other]) => compareText(one, other)),
    // the way of wrapping is told where it was met first, which is another place here
    problems: [...traffic.problems.newestFirst()]
      .filter(({ through }) => through === undefined)
      .map(describeProblem),
    through: [...traffic.sources.through].map(([source, ways]) => [source, ways.toSorted()]),
  };
}

/** The same of a log that is read from its start on. */
async function plainly(path: string, options: CountingOptions = {}) {
  const counting = countingOf(path, { ...options, portions: WHOLE });
  await counting.live();
  await counting.stop();
  return shown(counting.traffic());
}

const record = (n: number): string =>
  `{"timestamp":"${1_795_075_200 + n}","kind":"egress","correlation_id":"c${n}","tool":"fetch","url":"https://h${n % 7}.example/","host":"h${n % 7}.example","method":"GET","status":${200 + (n % 5)},"duration_ms":${n % 90},"response_bytes":${n}}\n`;
const records = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => record(from + index)).join('');

function logOf(text: string | Buffer): string {
  const path = join(newFolder(), 'a.jsonl');
  writeFileSync(path, text);
  return path;
}

/** The pieces of two neighbours, which come on two streams, taken in turns. */
const mixed = (lines: readonly (readonly string[])[]): readonly string[] =>
  lines.flatMap((pieces, index) => {
    if (index % 2 === 1) return [];
    const others = lines[index + 1] ?? [];
    return Array.from({ length: Math.max(pieces.length, others.length) }, (_, at) =>
      [pieces[at], others[at]].filter(piece => piece !== undefined),
    ).flat();
  });

/** A dashboard that counts older parts only when told to. */
function held(path: string) {
  const parts: { readonly part: OlderPart; readonly count: () => void }[] = [];
  const counting = countingOf(path, {
    older: (part, count) => parts.push({ part, count: () => count(part) }),
  });
  const release = (): void => parts.forEach(({ count }) => count());
  const isHeld = async (): Promise<void> => {
    await until(() => parts.length > 0);
    await counting.newest;
  };
  return { ...counting, parts, release, isHeld };
}

describe('the newest lines first, then the others: all is counted as from start to end', () => {
  it('any log, however it is cut', async () => {
    const sizes = fc.record({
      large: fc.constant(0),
      newest: fc.nat(4_000),
      block: fc.integer({ min: 1, max: 3_000 }),
      chunk: fc.integer({ min: 1, max: 3_000 }),
    });
    await fc.assert(
      fc.asyncProperty(generatedLog, sizes, async (bytes, portions) => {
        const path = logOf(bytes);
        const counting = countingOf(path, { portions });
        await counting.live();
        await counting.stop();
        expect(shown(counting.traffic())).toEqual(await plainly(path));
      }),
      { numRuns: sized(12, 100, 40) },
    );
  });

  it('any log of docker or the container runtime, whose lines are cut into pieces, however it is cut', async () => {
    const collectors = fc.constantFrom(
      (text: string, stream: string, isLast: boolean) =>
        JSON.stringify({ log: text + (isLast ? '\n' : ''), stream, time: '2026-11-19T08:00:00Z' }),
      (text: string, stream: string, isLast: boolean) =>
        `2026-11-19T08:00:00.1Z ${stream} ${isLast ? 'F' : 'P'} ${text}`,
    );
    const lines = fc.array(fc.tuple(fc.nat(200), fc.integer({ min: 20, max: 300 })), {
      minLength: 5,
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(
        collectors,
        lines,
        fc.nat(2_000),
        fc.integer({ min: 1, max: 3_000 }),
        async (carry, cuts, newest, block) => {
          const pieces = cuts.map(([n, size], index) => {
            const text = record(n).trimEnd();
            const count = Math.ceil(text.length / size);
            return Array.from({ length: count }, (_, at) =>
              carry(
                text.slice(at * size, (at + 1) * size),
                index % 2 === 0 ? 'stdout' : 'stderr',
                at === count - 1,
              ),
            );
          });
          const path = logOf(`${[carry('', 'stdout', true), ...mixed(pieces)].join('\n')}\n`);
          const counting = countingOf(path, { portions: { large: 0, newest, block, chunk: 500 } });
          await counting.live();
          await counting.stop();
          expect(counting.traffic().totals.total).toBe(cuts.length);
          expect(shown(counting.traffic())).toEqual(await plainly(path));
        },
      ),
      { numRuns: sized(6, 30, 12) },
    );
  });

  it('the newest lines of a large docker log are shown while the others wait', async () => {
    const docker = Array.from({ length: 100 }, (_, n) =>
      JSON.stringify({ log: record(n), stream: 'stdout', time: '2026-11-19T08:00:00Z' }),
    );
    const { release, isHeld, ...counting } = held(logOf(`${docker.join('\n')}\n`));
    await isHeld();
    expect(counting.traffic().recent.at(counting.traffic().recent.length - 1)?.correlationId).toBe('c99');
    expect(counting.traffic().totals.total).toBeLessThan(5);
    release();
    await counting.live();
    expect(counting.traffic().totals.total).toBe(100);
  });

  it('what a row tells of its newest record: status, address, interception', async () => {
    const egress = (n: number): object => ({
      ts: new Date(1_795_075_200_000 + n * 1_000).toISOString(),
      event: 'egress_allow',
      host: `m${n % 11}.example`,
      dst: `198.51.100.${n % 17}:443`,
      ...(n % 5 === 0 ? {} : { mitm: n % 3 === 0 }),
    });
    const path = logOf(
      Array.from({ length: 500 }, (_, n) => `${record(n)}${JSON.stringify(egress(n))}\n`).join(''),
    );
    const rows = async (options: CountingOptions): Promise<object> => {
      const counting = countingOf(path, options);
      await counting.live();
      const hosts = [...counting.traffic().hosts.values()];
      return Object.fromEntries(
        hosts.map(({ name, status, interception, address }) => [name, [status, interception, address]]),
      );
    };
    expect(await rows({})).toEqual(await rows({ portions: WHOLE }));
  });

  it('a line of more than 1 MiB across the cut, and blank ones, and an end without a line end', async () => {
    const long = `{"kind":"egress","note":"${'x'.repeat(1_100_000)}"}\r\n`;
    const path = logOf(`\ufeff${records(0, 50)}\n\nnonsense\n${long}${records(50, 52)}{"kind":"eg`);
    const counting = countingOf(path, {
      portions: { ...BITS, newest: 100_000, block: 100_000, chunk: 7_000 },
    });
    await counting.live();
    await counting.stop();
    expect(shown(counting.traffic())).toEqual(await plainly(path));
    expect(counting.traffic().malformed).toBe(2);
  });

  it('rotated files and compressed ones, of which the newest comes first', async () => {
    const path = join(newFolder(), 'a.jsonl');
    writeFileSync(`${path}.3.gz`, gzipSync(records(0, 100)));
    writeFileSync(`${path}.2.gz`, gzipSync(`${records(100, 200)}worse\n`));
    writeFileSync(`${path}.1`, `${records(200, 300)}bad\n`);
    writeFileSync(path, records(300, 304));
    const { parts, release, isHeld, ...counting } = held(path);
    await isHeld();
    expect(parts.map(({ part }) => part.source.split('/').at(-1))).toEqual([
      'a.jsonl',
      'a.jsonl.1',
      'a.jsonl.2.gz',
      'a.jsonl.3.gz',
    ]);
    release();
    await counting.live();
    expect(shown(counting.traffic())).toEqual(await plainly(path));
    expect(counting.traffic().totals.total).toBe(304);
  });

  it('a log of which not every event is wanted', async () => {
    const path = logOf(readFileSync(fixturePath('zeph-audit.jsonl')));
    const isSelected = ({ verdict }: { readonly verdict: string | null }): boolean => verdict === 'deny';
    const selection = { isSelected, isTimed: false, window: null };
    const counting = countingOf(path, { selection });
    await counting.live();
    expect(shown(counting.traffic())).toEqual(await plainly(path, { selection }));
  });

  it('a log of which a window of time is wanted, by the bytes of its lines', async () => {
    await fc.assert(
      fc.asyncProperty(generatedLog, fc.nat(200), fc.nat(200), async (bytes, from, seconds) => {
        const path = logOf(Buffer.concat([bytes, Buffer.from(`\n${records(0, 200)}`)]));
        const since = 1_795_075_200_000 + from * 1_000;
        const window = { since, until: since + seconds * 1_000 };
        const isSelected = ({ at }: { readonly at: number | null }): boolean =>
          at !== null && at >= window.since && at < window.until;
        const selection = { isSelected, isTimed: true, window };
        const counting = countingOf(path, { selection });
        await counting.live();
        await counting.stop();
        expect(shown(counting.traffic())).toEqual(await plainly(path, { selection }));
      }),
      { numRuns: sized(6, 30, 12) },
    );
  });

  it('a document, which has no lines to begin at, is read from its start on', async () => {
    const path = logOf(
      JSON.stringify(
        records(0, 9)
          .trimEnd()
          .split('\n')
          .map(line => JSON.parse(line) as unknown),
      ),
    );
    const counting = countingOf(path, { older: () => expect.fail('nothing is left') });
    await counting.live();
    expect(counting.traffic().totals.total).toBe(9);
  });
});

describe('while the older lines wait', () => {
  it('the newest are there, the source is being read, and line numbers are told as what they are', async () => {
    const log = `bad 1\n${records(0, 99)}bad 101\n`;
    const { release, isHeld, ...counting } = held(logOf(log));
    await isHeld();
    const places = (): string[] =>
      [...counting.traffic().problems.newestFirst()].map(problem =>
        describeProblem(problem).replace(/^.*jsonl:(.*?): .*/, '$1'),
      );
    expect(counting.state()).toBe('reading');
    expect(counting.traffic().recent.at(counting.traffic().recent.length - 1)?.correlationId).toBe('c98');
    expect(places()).toEqual(['?+3']);
    release();
    await counting.live();
    expect(places()).toEqual(['101', '1']);
  });

  it('what is appended is counted at once', async () => {
    const path = logOf(records(0, 100));
    const { release, isHeld, ...counting } = held(path);
    await isHeld();
    const before = counting.traffic().totals.total;
    appendFileSync(path, records(100, 110));
    await until(() => counting.traffic().totals.total === before + 10);
    release();
    await counting.live();
    expect(shown(counting.traffic())).toEqual(await plainly(path));
  });

  it('a rotation, even a removal, takes none of them away', async () => {
    const path = logOf(records(0, 100));
    const { release, isHeld, ...counting } = held(path);
    await isHeld();
    renameSync(path, `${path}.1`);
    writeFileSync(path, records(100, 110));
    rmSync(`${path}.1`);
    await until(
      () => counting.traffic().recent.at(counting.traffic().recent.length - 1)?.correlationId === 'c109',
    );
    release();
    await counting.live();
    expect(counting.traffic().totals.total).toBe(110);
    expect(counting.traffic().lostBytes).toBe(0);
  });

  it('a copy that was made before a truncation is gone on with', async () => {
    const path = logOf(records(0, 100));
    const { release, isHeld, ...counting } = held(path);
    await isHeld();
    copyFileSync(path, `${path}.1`);
    truncateSync(path);
    appendFileSync(path, records(100, 110));
    release();
    await counting.live();
    expect(counting.traffic().totals.total).toBe(110);
    expect(counting.traffic().lostBytes).toBe(0);
  });

  it.each([10, 300])(
    'a truncation, and %i new records, is told with what the totals lack; every other line is counted',
    async added => {
      const path = logOf(records(0, 100));
      const { parts, release, isHeld, ...counting } = held(path);
      await isHeld();
      const [{ part } = expect.fail()] = parts;
      const seen = counting.traffic().totals.total;
      truncateSync(path);
      appendFileSync(path, records(100, 100 + added));
      release();
      await counting.live();
      await until(() => counting.traffic().totals.total === seen + added);
      expect(counting.traffic().lostBytes).toBe(part.bytes);
      expect([...counting.traffic().problems.newestFirst()].map(describeProblem)[0]).toMatch(
        /a\.jsonl: error: truncated or overwritten before all of it was counted: [\d,]+ of its first [\d,]+ bytes are missing/,
      );
    },
  );

  it('a frozen view stays as it is, and has all of them when it follows again', async () => {
    const path = logOf(records(0, 100));
    const { release, isHeld, store, ...counting } = held(path);
    await isHeld();
    const seen = store.traffic.totals.total;
    store.dispatch({ type: 'freeze-toggled' });
    appendFileSync(path, records(100, 103));
    release();
    await counting.live();
    expect(store.traffic.totals.total).toBe(seen);
    store.dispatch({ type: 'freeze-toggled' });
    expect(shown(store.traffic)).toEqual(await plainly(path));
  });
});

it('an older part is handed over before the newest lines are counted, so that a thread counts it meanwhile', async () => {
  const totals: number[] = [];
  const counting = countingOf(logOf(records(0, 100)), {
    older: (part, count) => {
      totals.push(counting.traffic().totals.total);
      count(part);
    },
  });
  await counting.live();
  expect(totals).toEqual([0]);
  expect(counting.traffic().totals.total).toBe(100);
});

it('an older part is over only when each of its sums stands in the totals', async () => {
  const many = 3_000; // more sums than are added in one turn
  const lines = Array.from({ length: many }, (_, n) =>
    record(n).replaceAll(`h${n % 7}.example`, `h${n}.example`),
  );
  const atEnd = Promise.withResolvers<number>();
  const counting = countingOf(logOf(lines.join('')), {
    portions: { ...BITS, block: 10_000_000, chunk: 100_000 },
    older: (part, count) =>
      count({
        source: part.source,
        modifiedMs: part.modifiedMs,
        bytes: part.bytes,
        lines: part.lines,
        unreadBytes: 0,
        async *blocks(signal) {
          yield* part.blocks(signal);
          atEnd.resolve(counting.traffic().totals.total);
        },
      }),
  });
  expect(await atEnd.promise).toBe(many);
});
