import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { followSources } from '../../src/sources/follow.ts';
import { LineSplitter } from '../../src/sources/lines/line-splitter.ts';
import type { Line, LineBatch, OlderPart } from '../../src/sources/source.ts';
import { newFolder } from '../sources/folder.ts';
import { until } from '../until.ts';
import { storm } from './storm.ts';

const LINES = 200_000;
/** Lines that stand in the log before the storm begins. */
const OLDER = 20_000;
/** The older lines are to last as long as the storm. */
const PORTIONS = { large: 0, newest: 5_000, block: 50_000, chunk: 4_000 };
const CHUNK_MS = 15;

/** Hears lines, and reads older parts at its leisure. */
class Heard {
  readonly times = new Uint8Array(LINES + OLDER);
  readonly odd: string[] = [];
  lines = 0;

  readonly batch = (batch: Pick<LineBatch, 'lines'>): void => batch.lines.forEach(this.#line);

  readonly #line = (line: Line): void => {
    const n = typeof line === 'string' ? /^\{"n":(\d+),.*\.example"\}$/.exec(line)?.[1] : undefined;
    if (n === undefined) this.odd.push(JSON.stringify(line));
    else this.times[Number(n)] = (this.times[Number(n)] ?? 0) + 1;
    if (Number(n) < LINES) this.lines += 1;
  };

  async older(part: OlderPart): Promise<void> {
    for await (const { isStart, chunks } of part.blocks(new AbortController().signal)) {
      const splitter = new LineSplitter(isStart);
      for await (const { bytes } of chunks) {
        this.batch({ lines: splitter.push(bytes) });
        await pause(CHUNK_MS);
      }
      expect(splitter.isMidLine).toBe(false);
    }
  }

  get wrong(): readonly string[] {
    const wrong = [...this.times.keys()].filter(n => this.times[n] !== 1);
    return wrong.slice(0, 10).map(n => `${n} came ${this.times[n]} times`);
  }
}

it.each(['in its order', 'the newest first'])(
  'every line arrives exactly once, %s, while the log is renamed, copied, truncated, removed and made anew',
  async order => {
    const log = join(newFolder(), 'audit.jsonl');
    const older = Array.from({ length: OLDER }, (_, n) => `{"n":${LINES + n},"host":"old.example"}\n`);
    writeFileSync(log, older.join(''));
    const heard = new Heard();
    const parts: Promise<void>[] = [];
    const listener = { status: () => undefined, lines: heard.batch };
    const asked = { ...listener, older: (part: OlderPart) => void parts.push(heard.older(part)) };
    const following = followSources(
      [{ type: 'path', path: log }],
      order === 'in its order' ? listener : asked,
      { pollMs: 100, drainMs: 500, portions: PORTIONS },
    );
    const describe = () =>
      `${heard.lines} lines heard, ${heard.odd.length} odd: ${heard.odd.slice(0, 3).join()}`;
    if (order !== 'in its order') await until(() => parts.length > 0);
    await storm(log, LINES, { heard: () => heard.lines, describe });
    await Promise.all(parts);
    await following.stop();
    expect(heard.odd).toEqual([]);
    expect(heard.wrong).toEqual([]);
    expect(heard.lines).toBe(LINES);
  },
);
