import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { render } from 'ink';
import { expect, it } from 'vitest';
import { span, type Line } from '../../src/app/select/text/span.ts';
import { dialogTaker } from '../../src/ui/dialog-part.ts';
import { Frame } from '../../src/ui/frame.tsx';
import { FrameWriter } from '../../src/ui/frame-writer.ts';
import { stylesOf } from '../../src/ui/styles.tsx';
import { themeOf } from '../../src/ui/theme.ts';
import { runs } from '../runs.ts';
import { openEmulator } from '../terminal/emulator.ts';
import { until } from '../until.ts';

const DARK = themeOf('dark');
const [COLUMNS, ROWS] = [20, 6];

interface Shown {
  readonly frame: readonly Line[];
  readonly dialog: { readonly row: number; readonly height: number };
}

/** Ink and the painter on one terminal, as the dashboard has them. */
function openTerminal(first: Shown, isEntered = false) {
  const emulator = openEmulator(COLUMNS, ROWS);
  const pipe = new PassThrough();
  const writes: string[] = [];
  pipe.on('data', (chunk: Buffer) => {
    writes.push(chunk.toString());
    // as a terminal's driver does: a line feed returns as well
    emulator.write(chunk.toString().replaceAll('\n', '\r\n'), () => undefined);
  });
  const stdout = Object.assign(pipe, { columns: COLUMNS, rows: ROWS, isTTY: true });
  let shown = first;
  const view = (): Shown => shown;
  const dialog = dialogTaker(view);
  const writer = new FrameWriter({
    view,
    stdout: stdout as unknown as NodeJS.WriteStream, // Ink and the writer ask only for what is there
    styles: stylesOf(DARK),
    isEntered,
    flushInk: () => app.waitUntilRenderFlush(),
  });
  const element = () => <Frame dialog={dialog()} columns={COLUMNS} theme={DARK} />;
  const app = render(element(), {
    stdout: writer.stream,
    incrementalRendering: true,
    alternateScreen: true,
    interactive: true,
    patchConsole: false,
    maxFps: 1_000,
  });
  writer.publish();
  return {
    emulator,
    writes,
    writer,
    app,
    show: (next: Shown) => {
      shown = next;
      app.rerender(element());
      writer.publish();
    },
    /** Settles when Ink and the writer have nothing left to write, and the terminal shows all of it. */
    settled: async () => {
      await app.waitUntilRenderFlush();
      for (let turns = 0; turns < 3; turns += 1) await turn();
      await new Promise<void>(parsed => emulator.write('', parsed));
    },
    close: () => {
      writer.stop();
      app.unmount();
      emulator.dispose();
    },
  };
}

const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' ', '.'), maxLength: COLUMNS });
const shown: fc.Arbitrary<Shown> = fc
  .record({
    rows: fc.array(text, { minLength: ROWS, maxLength: ROWS }),
    row: fc.nat(ROWS - 1),
    height: fc.nat(ROWS),
  })
  .map(({ rows, row, height }) => ({
    frame: rows.map((words): Line => [span(words)]),
    dialog: height === 0 ? { row: 0, height: 0 } : { row, height: Math.min(height, ROWS - row) },
  }));

const textOf = ({ frame }: Shown): readonly string[] =>
  frame.map(line =>
    line
      .map(({ text }) => text)
      .join('')
      .trimEnd(),
  );

it('the terminal shows the last view, however dialogs opened, moved and closed before it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(shown, fc.constantFrom('at once', 'later')), { minLength: 1, maxLength: 6 }),
      async steps => {
        const [first] = steps;
        if (!first) return;
        const terminal = openTerminal(first[0]);
        for (const [next, pace] of steps) {
          terminal.show(next);
          if (pace === 'later') await turn();
        }
        const last = textOf(steps.at(-1)?.[0] ?? first[0]);
        await terminal.settled();
        expect(terminal.emulator.screen()).toEqual(last);
        terminal.close();
      },
    ),
    { numRuns: runs(300) },
  );
});

it('a change outside the dialog reaches the terminal as one synchronised update, and Ink writes nothing', async () => {
  const rows = (last: string): Shown => ({
    frame: ['a', 'b', 'c', 'd', 'e', last].map((words): Line => [span(words)]),
    dialog: { row: 0, height: 0 },
  });
  const terminal = openTerminal(rows('f'));
  await until(() => terminal.emulator.screen().at(-1) === 'f');
  await terminal.app.waitUntilRenderFlush();
  await turn();
  terminal.writes.length = 0;
  terminal.show(rows('g'));
  await until(() => terminal.emulator.screen().at(-1) === 'g');
  expect(terminal.writes).toHaveLength(1);
  expect(terminal.writes[0]).toMatch(/^\u001b\[\?2026h\u001b7.*g.*\u001b8\u001b\[\?2026l$/);
  terminal.close();
});

it('what erases the whole frame is painted again', async () => {
  const terminal = openTerminal({
    frame: ['a', 'b', 'c', 'd', 'e', 'f'].map((words): Line => [span(words)]),
    dialog: { row: 0, height: 0 },
  });
  await until(() => terminal.emulator.screen().at(-1) === 'f');
  await terminal.app.waitUntilRenderFlush();
  terminal.writer.stream.write('\u001b[2K\u001b[1A'.repeat(ROWS));
  await turn();
  await until(() => terminal.emulator.screen().join('') === 'abcdef', {
    describe: () => terminal.emulator.screen().join('\n'),
  });
  terminal.close();
});

it('what another program left on the terminal is painted over when the terminal is ours again', async () => {
  const terminal = openTerminal({
    frame: ['a', 'b', 'c', 'd', 'e', 'f'].map((words): Line => [span(words)]),
    dialog: { row: 0, height: 0 },
  });
  await terminal.settled();
  terminal.writer.stop();
  await new Promise<void>(parsed => terminal.emulator.write('\u001b[2;1Hgarbage of an editor', parsed));
  terminal.writer.resume();
  await terminal.settled();
  expect(terminal.emulator.screen()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  terminal.close();
});

it.each([
  [false, 1],
  [true, 0],
])('the alternate screen is entered once, first frame shown before Ink: %s', async (isEntered, times) => {
  const first = {
    frame: Array.from({ length: ROWS }, (): Line => [span('row')]),
    dialog: { row: 0, height: 0 },
  };
  const terminal = openTerminal(first, isEntered);
  await terminal.settled();
  const written = terminal.writes.join('');
  terminal.close();
  expect(written.split('\u001b[?1049h')).toHaveLength(times + 1);
  expect(written).toContain('row');
});

it('a first frame is never blanked: Ink begins and all rows are painted in one synchronised update', async () => {
  const first = {
    frame: Array.from({ length: ROWS }, (): Line => [span('row')]),
    dialog: { row: 0, height: 0 },
  };
  const terminal = openTerminal(first, true);
  await terminal.settled();
  const drawing = terminal.writes.filter(text => text.includes('\n') || text.includes('row'));
  terminal.close();
  expect(drawing.map(text => text.split('row').length - 1)).toEqual([ROWS]);
});
