import { writeSync } from 'node:fs';
import type { ReadStream, WriteStream } from 'node:tty';
import { RowPainter, type Shown } from './row-painter.ts';
import { sgrStylesOf } from './sgr-styles.ts';
import type { Theme } from './theme.ts';

const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?1049l\u001b[?25h\u001b[0m';

/** A frame on the terminal that is drawn once. */
export interface FirstFrame {
  /** Restores the terminal. */
  readonly close: () => void;
}

/**
 * Takes over the terminal and draws the view before Ink is loaded. Returns null and does nothing if a dialog is open, because only Ink can
 * draw it.
 */
export function showFirstFrame(
  view: Shown,
  theme: Theme,
  terminal: { readonly stdin: ReadStream; readonly stdout: WriteStream },
): FirstFrame | null {
  if (view.dialog.height > 0) return null;
  const { stdin, stdout } = terminal;
  const painter = new RowPainter(sgrStylesOf(theme, stdout.getColorDepth()));
  // keys typed before the start were echoed, so the cursor may not be in the first column
  stdin.setRawMode(true);
  stdout.write(`\r${ENTER}\u001b[?2026h${painter.paint(view)}\u001b[?2026l`);
  return {
    close: () => {
      stdin.setRawMode(false);
      try {
        writeSync((stdout as unknown as { readonly fd: number }).fd, LEAVE); // synchronous, because the process may be about to end
      } catch {
        // the terminal is gone: nothing to restore
      }
    },
  };
}
