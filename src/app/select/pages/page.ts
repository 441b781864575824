import type { EgressEvent } from '../../../core/event.ts';
import type { Page } from '../../state/page.ts';
import { sameName, type JournalLine } from '../../state/journal.ts';
import { wrap } from '../text/fit.ts';
import { BLANK, line, span, type Line, type Tone } from '../text/span.ts';

/** A line of a page. Enter opens its event. */
export interface PageLine {
  readonly line: Line;
  readonly event?: EgressEvent;
  /** A record of the journal, which Enter opens. */
  readonly journal?: JournalLine;
  /** The path of the part that Enter folds or opens. */
  readonly fold?: string;
  /** The text that `y` copies, if it is more than the line. */
  readonly copy?: string;
}

/** The width of the labels. */
const LABEL = 14;

export const blank: PageLine = { line: BLANK };

/** The title of a section. */
export const heading = (text: string): PageLine => ({ line: line(text, 'accent') });

/** A label and its text. Further lines of the text are indented. */
export function fact(
  label: string,
  text: string,
  { width, tone = 'plain' }: { readonly width: number; readonly tone?: Tone },
): readonly PageLine[] {
  return wrap(text, Math.max(16, width - LABEL - 1)).map((part, index) => ({
    line: [span(`${(index === 0 ? label : '').padEnd(LABEL - 1)} `, 'dim'), span(part, tone)],
    copy: text,
  }));
}

/** The record to which the cursor sticks when lines come and go. */
export const heldOf = ({ event, journal }: PageLine): NonNullable<Page['held']> | null =>
  event ?? journal?.name ?? null;

/** Whether a line shows the held record: the same event, or the journal record with the same name. */
export const isHeld = ({ event, journal }: PageLine, held: NonNullable<Page['held']>): boolean =>
  'after' in held ? journal !== undefined && sameName(journal.name, held) : event === held;
