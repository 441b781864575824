import { writeSync } from 'node:fs';
import type { ReadStream, WriteStream } from 'node:tty';
import { RowPainter, type Shown } from './row-painter.ts';
import { sgrStylesOf } from './sgr-styles.ts';
import type { Theme } from './theme.ts';

const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?1049l\u001b[?25h\u001b[0m';

/** A frame on the terminal that nothing draws again. */
export interface FirstFrame {
  /** Gives the terminal back as it was found. */
  readonly close: () => void;
}

/** Takes the terminal, and shows the view there before Ink is loaded. Null, and nothing done, where a dialog is open: Ink draws those. */
export function showFirstFrame(
  view: Shown,
  theme: Theme,
  terminal: { readonly stdin: ReadStream; readonly stdout: WriteStream },
): FirstFrame | null {
  if (view.dialog.height > 0) return null;
  const { stdin, stdout } = terminal;
  const painter = new RowPainter(sgrStylesOf(theme, stdout.getColorDepth()));
  // what was typed before we started was echoed: the first row has to begin at the first column
  stdin.setRawMode(true);
  stdout.write(`\r${ENTER}\u001b[?2026h${painter.paint(view)}\u001b[?2026l`);
  return {
    close: () => {
      stdin.setRawMode(false);
      try {
        writeSync((stdout as unknown as { readonly fd: number }).fd, LEAVE); // the process may be about to end
      } catch {
        // the terminal is gone: there is nothing left to restore
      }
    },
  };
}
