import { sameLine, type Line } from '../app/select/text/span.ts';
import type { DialogPart } from './frame.tsx';
import type { Shown } from './row-painter.ts';

/** Extracts the dialog from a view. It returns the same object while the dialog looks the same, so that React and Ink do not redraw. */
export function dialogTaker(view: () => Shown): () => DialogPart {
  let taken: DialogPart | null = null;
  let from: Shown | null = null;
  return () => {
    const now = view();
    if (taken && now === from) return taken;
    from = now;
    const { row, height } = now.dialog;
    const next = { rows: now.frame.length, row, lines: now.frame.slice(row, row + height) };
    if (!taken || !sameDialog(taken, next)) taken = next;
    return taken;
  };
}

const sameDialog = (one: DialogPart, other: DialogPart): boolean =>
  one.rows === other.rows && one.row === other.row && sameLines(one.lines, other.lines);

const sameLines = (one: readonly Line[], other: readonly Line[]): boolean =>
  one.length === other.length && one.every((line, index) => sameLine(line, other[index] ?? []));
