import { PassThrough } from 'node:stream';
import { render, renderToString } from 'ink';
import { describe, expect, it } from 'vitest';
import { line, span, type Line } from '../../src/app/select/text/span.ts';
import { Frame, Row } from '../../src/ui/frame.tsx';
import { themeOf } from '../../src/ui/theme.ts';
import { openEmulator } from '../terminal/emulator.ts';
import { until } from '../until.ts';

const DARK = themeOf('dark');

/** A terminal of a size, into which Ink draws and of which the screen can be read. */
function openScreen(columns: number, rows: number) {
  const emulator = openEmulator(columns, rows);
  const stdout = new PassThrough();
  // as a terminal's driver does: a line feed returns as well
  stdout.on('data', (chunk: Buffer) =>
    emulator.write(chunk.toString().replaceAll('\n', '\r\n'), () => undefined),
  );
  return {
    emulator,
    stdout: Object.assign(stdout, { columns, rows, isTTY: true }) as unknown as NodeJS.WriteStream,
  };
}

describe('a row', () => {
  it('a row shows its spans in one line', () => {
    expect(
      renderToString(<Row line={[span('a '), span('b', 'deny')]} theme={DARK} />, { columns: 20 }),
    ).toContain('a b');
  });

  it('a row without text still takes a line', () => {
    const frame = renderToString(<Frame lines={[line('a'), [], line('c')]} columns={10} theme={DARK} />, {
      columns: 10,
    });
    expect(frame.split('\n').map(row => row.trimEnd())).toEqual(['a', '', 'c']);
  });
});

describe('a frame', () => {
  it('fills the terminal exactly, wide names included, and draws only what changed', async () => {
    const { emulator, stdout } = openScreen(20, 4);
    const frame = (last: Line) => [line('例え.テスト', 'allow'), line('two'), [], last];
    const draw = (last: Line) => <Frame lines={frame(last)} columns={20} theme={DARK} />;
    const app = render(draw(line('x'.repeat(20), 'selected')), {
      stdout,
      incrementalRendering: true,
      alternateScreen: true,
      interactive: true,
      patchConsole: false,
    });
    await until(() => emulator.screen()[3] === 'x'.repeat(20), {
      describe: () => emulator.screen().join('\n'),
    });
    expect(emulator.screen()).toEqual(['例え.テスト', 'two', '', 'x'.repeat(20)]);
    let written = '';
    stdout.on('data', (chunk: Buffer) => (written += chunk.toString()));
    app.rerender(draw(line('changed')));
    await until(() => emulator.screen()[3] === 'changed');
    expect(written).not.toContain('テスト');
    app.unmount();
    await app.waitUntilExit();
    await until(() => !emulator.modes().alternateScreen && emulator.modes().cursorVisible);
    emulator.dispose();
  });
});
