import { renderToString } from 'ink';
import { describe, expect, it } from 'vitest';
import { line, span } from '../../src/app/select/text/span.ts';
import { Frame, Row } from '../../src/ui/frame.tsx';
import { themeOf } from '../../src/ui/theme.ts';

const DARK = themeOf('dark');

describe('a row', () => {
  it('a row shows its spans in one line', () => {
    expect(
      renderToString(<Row line={[span('a '), span('b', 'deny')]} theme={DARK} />, { columns: 20 }),
    ).toContain('a b');
  });
});

describe('a frame', () => {
  it('a frame has as many rows as the terminal, and its dialog stands where it belongs', () => {
    const dialog = { rows: 6, row: 2, lines: [line('a'), [], line('c')] };
    const frame = renderToString(<Frame dialog={dialog} columns={10} theme={DARK} />, { columns: 10 });
    expect(frame.split('\n').map(row => row.trimEnd())).toEqual(['', '', 'a', '', 'c', '']);
  });
});
