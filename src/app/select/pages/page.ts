import type { EgressEvent } from '../../../core/event.ts';
import type { Page } from '../../state/page.ts';
import { sameName, type JournalLine } from '../../state/journal.ts';
import { wrap } from '../text/fit.ts';
import { BLANK, line, span, type Line, type Tone } from '../text/span.ts';

/** One line of a page; Enter on it opens its event. */
export interface PageLine {
  readonly line: Line;
  readonly event?: EgressEvent;
  /** A record of the journal, that Enter opens likewise. */
  readonly journal?: JournalLine;
  /** The part of a record that Enter folds or opens here, by its path. */
  readonly fold?: string;
  /** The text that `y` copies, where that is more than the line shows. */
  readonly copy?: string;
}

/** How wide the labels of a page's facts are. */
const LABEL = 14;

export const blank: PageLine = { line: BLANK };

/** The title of a part of a page. */
export const heading = (text: string): PageLine => ({ line: line(text, 'accent') });

/** A label and its text, wrapped under itself. */
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

/** The record that the cursor stays on when lines come and go. */
export const heldOf = ({ event, journal }: PageLine): NonNullable<Page['held']> | null =>
  event ?? journal?.name ?? null;

/** Whether a line is the one that is held: an event by itself, a record of the journal by its name. */
export const isHeld = ({ event, journal }: PageLine, held: NonNullable<Page['held']>): boolean =>
  'after' in held ? journal !== undefined && sameName(journal.name, held) : event === held;
