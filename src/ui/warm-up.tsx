import { renderToString } from 'ink';
import { graphemes } from '../core/text/graphemes.ts';
import { line } from '../app/select/text/span.ts';
import { Frame } from './frame.tsx';
import type { Theme } from './theme.ts';

/** Characters of the kinds that dialogs have, of which some are wider than a cell. */
const SAMPLE = ['─', 'Sort Hosts by', '▌ ● 漢 é', '👩‍💻'].map(text => line(text, 'accent'));

/**
 * Draws a dialog that nobody sees. V8 compiles Ink, and ICU loads its tables of characters, when a dialog is drawn for the first time:
 * this took 50 ms, for which a person had to wait.
 */
export function warmUp(theme: Theme): void {
  const columns = 80;
  renderToString(
    <Frame dialog={{ rows: 24, row: 24 - SAMPLE.length, lines: SAMPLE }} columns={columns} theme={theme} />,
    { columns },
  );
  graphemes(' ');
}
