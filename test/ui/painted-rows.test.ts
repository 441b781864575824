import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitLine } from '../../src/app/select/text/fit.ts';
import { span, type Line, type Tone } from '../../src/app/select/text/span.ts';
import { rowChanges } from '../../src/ui/row-changes.ts';
import { RowPainter } from '../../src/ui/row-painter.ts';
import { stylesOf } from '../../src/ui/styles.tsx';
import { themeOf } from '../../src/ui/theme.ts';
import { runs } from '../runs.ts';
import { openEmulator } from '../terminal/emulator.ts';

const STYLES = stylesOf(themeOf('dark'));
const [COLUMNS, ROWS] = [24, 5];
const NO_DIALOG = { row: 0, height: 0 };

const tone = fc.constantFrom<Tone>('plain', 'dim', 'deny', 'selected', 'match', 'badge');
/** Words of tables, and what may make a row hard to change in part: wide, joined and ambiguous characters. */
const word = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.string({ unit: fc.constantFrom('a', 'b', '1', ' ', '·', '│', '▄', '⣿'), maxLength: 12 }),
  },
  { weight: 1, arbitrary: fc.constantFrom('例え.テスト', '👩‍👩‍👧', 'e\u0301', '…', '▾', '\u001b[31mred', '🇩🇪') },
);
const row: fc.Arbitrary<Line> = fc
  .array(fc.record({ text: word, tone }), { maxLength: 5 })
  .map(runs => fitLine(runs, COLUMNS));
const frame = fc.array(row, { minLength: ROWS, maxLength: ROWS });

async function shownBy(frames: readonly (readonly Line[])[]) {
  const emulator = openEmulator(COLUMNS, ROWS);
  const painter = new RowPainter(STYLES);
  for (const lines of frames) {
    const bytes = painter.paint({ frame: lines, dialog: NO_DIALOG });
    await new Promise<void>(parsed => emulator.write(bytes, parsed));
  }
  const cells = emulator
    .cells()
    .map(row => row.map(cell => ({ ...cell, chars: cell.chars === '' ? ' ' : cell.chars })));
  emulator.dispose();
  return cells;
}

describe('painted rows', () => {
  it('the terminal shows the last frame, whatever frames came before it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 5 }), async frames => {
        expect(await shownBy(frames)).toEqual(await shownBy(frames.slice(-1)));
      }),
      { numRuns: runs(500) },
    );
  });

  it('a row that looks the same costs no byte', () => {
    const painter = new RowPainter(STYLES);
    const lines: readonly Line[] = [[span('a'), span('b', 'deny')], []];
    expect(painter.paint({ frame: lines, dialog: NO_DIALOG })).not.toBe('');
    expect(painter.paint({ frame: lines.map(line => [...line]), dialog: NO_DIALOG })).toBe('');
  });

  it('only the cells that differ are written where each character takes one cell', () => {
    const before = [span('docs.rs          '), span('12', 'allow'), span('   1  end')];
    const after = [span('docs.rs          '), span('13', 'allow'), span('   1  end')];
    expect(rowChanges(before, after)).toEqual([{ column: 18, runs: [span('3', 'allow')], toEnd: false }]);
  });

  it('a cell whose tone alone differs is written, and its neighbours are not', () => {
    const before: Line = [span('docs.rs 12'), span(' end')];
    const after: Line = [span('docs.rs '), span('12', 'deny'), span(' end')];
    expect(rowChanges(before, after)).toEqual([{ column: 8, runs: [span('12', 'deny')], toEnd: false }]);
  });

  it('cells that are far apart are written apart, and cells that are near together', () => {
    const row = (one: string, other: string): Line => [span(`${one}${'.'.repeat(20)}${other}`)];
    expect(rowChanges(row('a', 'b'), row('c', 'd')).map(({ column }) => column)).toEqual([0, 21]);
    expect(rowChanges([span('a...b')], [span('c...d')])).toHaveLength(1);
  });

  it('a row that became shorter is erased behind its end', () => {
    expect(rowChanges([span('abc')], [span('a')])).toEqual([{ column: 1, runs: [], toEnd: true }]);
  });

  it('the rows of a dialog are left to Ink', () => {
    const painter = new RowPainter(STYLES);
    const lines = ['above', 'dialog', 'below'].map((text): Line => [span(text)]);
    const bytes = painter.paint({ frame: lines, dialog: { row: 1, height: 1 } });
    expect(bytes).toContain('above');
    expect(bytes).toContain('below');
    expect(bytes).not.toContain('dialog');
  });
});
