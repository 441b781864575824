import { PassThrough } from 'node:stream';
import type { ReadStream } from 'node:tty';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { TerminalInput, type TerminalEvent } from '../../src/ui/terminal-input.ts';
import { until } from '../until.ts';

/** A terminal of which everything that is asked is noted. */
class Terminal extends PassThrough {
  readonly isTTY = true;
  readonly asked: string[] = [];
  setRawMode(isRaw: boolean): this {
    this.asked.push(`raw ${isRaw}`);
    return this;
  }
  ref(): this {
    this.asked.push('ref');
    return this;
  }
  unref(): this {
    this.asked.push('unref');
    return this;
  }
}

function open() {
  const terminal = new Terminal();
  const events: TerminalEvent[] = [];
  const input = new TerminalInput(terminal as unknown as ReadStream, event => events.push(event));
  let text = '';
  input.setEncoding('utf8');
  input.on('data', (chunk: string) => (text += chunk));
  input.ref();
  return { terminal, input, events, text: () => text };
}

const CLICK = '\u001b[<0;5;3M';
const WHEEL = '\u001b[<65;5;3M';

describe('the mouse', () => {
  it.each([
    [CLICK, [{ type: 'click', row: 2, column: 4 }]],
    ['\u001b[<0;5;3m', []],
    [WHEEL, [{ type: 'wheel', direction: 1 }]],
    ['\u001b[<64;1;1M', [{ type: 'wheel', direction: -1 }]],
    ['\u001b[<2;1;1M', []],
    ['\u001b[<32;1;1M', []],
    ['\u001b[<0;300;200M', [{ type: 'click', row: 199, column: 299 }]],
    ['\u001bOP', [{ type: 'f1' }]],
    ['\u001b[11~', [{ type: 'f1' }]],
    ['\u001b[[A', [{ type: 'f1' }]],
  ])('%j tells %j, and nothing of it is a key', async (report, told) => {
    const { terminal, events, text } = open();
    terminal.write(`a${report}b`);
    await until(() => text() === 'ab');
    expect(events).toEqual(told);
  });

  it('however the reads cut it, tells the same, and every key goes on', async () => {
    const whole = `j${CLICK}\u001b[A${WHEEL}例😀\u001b[Z\u001b[15~${CLICK}q`;
    const bytes = Buffer.from(whole);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 8 }), async cuts => {
        const { terminal, events, text } = open();
        const places = [0, ...cuts.toSorted((one, other) => one - other), bytes.length];
        for (const [index, start] of places.slice(0, -1).entries())
          terminal.write(bytes.subarray(start, places[index + 1]));
        await until(() => text() === 'j\u001b[A例😀\u001b[Z\u001b[15~q', {
          describe: () => JSON.stringify(text()),
        });
        expect(events.map(({ type }) => type)).toEqual(['click', 'wheel', 'click']);
      }),
      { numRuns: 40 },
    );
  });
});

describe('keys', () => {
  it.each(['\u001b', '\u001b[', '\u001bO', '\u001b]', '\u001bP', '\u001b_', '\u001b^', '\u001bX'])(
    'a key that may have begun a report goes on when no rest comes: %j',
    async start => {
      const { terminal, events, text } = open();
      terminal.write(start);
      await until(() => text() === start);
      expect(events).toEqual([]);
    },
  );

  it('a key is not lost when the terminal ends', async () => {
    const { terminal, input, text } = open();
    terminal.write('x\u001b');
    terminal.end();
    await until(() => input.readableEnded);
    expect(text()).toBe('x\u001b');
  });

  it('keys are left to a child while nobody wants them, the terminal paused', () => {
    const { terminal, input } = open();
    input.setRawMode(true);
    input.unref();
    expect(terminal.isPaused()).toBe(true);
    input.ref();
    expect(terminal.isPaused()).toBe(false);
    expect(terminal.asked).toEqual(['ref', 'raw true', 'unref', 'ref']);
    expect(input.isTTY).toBe(true);
  });
});

describe('an answer about the background', () => {
  it.each([
    ['11;rgb:ffff/ffff/ffff', 'light'],
    ['11;rgb:0000/0000/0000', 'dark'],
    ['11;rgb:fd/f6/e3', 'light'],
    ['11;rgb:00/2b/36', 'dark'],
    ['11;rgb:f/f/f', 'light'],
    ['11;rgba:ffff/ffff/ffff/0000', 'light'],
    ['11;#fdf6e3', 'light'],
    ['11;#002B36', 'dark'],
    ['11;rgb:0000/ffff/0000', 'light'],
    ['11;rgb:0000/0000/ffff', 'dark'],
  ])('%s is %s', async (answer, background) => {
    const { terminal, input, events, text } = open();
    input.isAnswerDue = true;
    terminal.write(`a\u001b]${answer}\u001b\\b`);
    await until(() => text() === 'ab');
    expect(events).toEqual([{ type: 'background', background }]);
  });

  it.each([
    '11;?',
    '11;rgb:12345/0/0',
    '11;rgb:ff/ff',
    '10;rgb:ff/ff/ff',
    '11;#fff',
    `11;rgb:ff/ff/ff${' '.repeat(200)}`,
  ])('%j tells nothing, and nothing of it is a key', async answer => {
    const { terminal, input, events, text } = open();
    input.isAnswerDue = true;
    terminal.write(`a\u001b]${answer}\u0007b`);
    await until(() => text() === 'ab');
    expect(events).toEqual([]);
  });

  it('that nobody asked for tells nothing', async () => {
    const { terminal, events, text } = open();
    terminal.write(`a${ANSWER}b`);
    await until(() => text() === 'ab');
    expect(events).toEqual([]);
  });

  const ANSWER = '\u001b]11;rgb:ffff/ffff/ffff\u001b\\';

  it.each([1, 2])('that comes long after its first %i bytes is no key behind the Esc', async cut => {
    const { terminal, events, text } = open();
    terminal.write(ANSWER.slice(0, cut));
    await until(() => text() !== '');
    const before = text();
    terminal.write(`${ANSWER.slice(cut)}q`);
    await until(() => text() === `${before}q`, { describe: () => JSON.stringify(text()) });
    expect(events).toEqual([]);
  });

  it.each([
    ['is taken whole where it comes soon behind its first byte', `${ANSWER.slice(1)}q`, 'kq', ['background']],
    ['makes Esc a key a little later where it does not come', '', 'k\u001b', []],
  ])('that is due %s', async (_, rest, keys, told) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { terminal, input, events, text } = open();
    input.isAnswerDue = true;
    terminal.write('k\u001b');
    await readOn();
    vi.advanceTimersByTime(200); // without an answer Esc would be a key by now
    await readOn();
    expect(text()).toBe('k');
    terminal.write(rest);
    await readOn();
    vi.advanceTimersByTime(200);
    await readOn();
    expect(text()).toBe(keys);
    expect(events.map(({ type }) => type)).toEqual(told);
  });
});

/** Lets the streams hand on what was written. */
async function readOn(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(resolve => setImmediate(resolve));
}
