import type { EgressEvent } from '../../core/event.ts';
import { wrap } from '../fit.ts';
import { BLANK, line, span, type Line, type Tone } from '../span.ts';

/** One line of a page; Enter on it opens its event. */
export interface PageLine {
  readonly line: Line;
  readonly event?: EgressEvent;
  /** What `y` copies, where that is more than the line shows. */
  readonly copy?: string;
}

/** How wide the labels of a page's facts are. */
const LABEL = 14;

export const blank: PageLine = { line: BLANK };

export const heading = (text: string): PageLine => ({ line: line(text, 'accent') });

/** A label and its text, wrapped under itself. */
export function fact(label: string, text: string, width: number, tone: Tone = 'plain'): readonly PageLine[] {
  return wrap(text, Math.max(16, width - LABEL - 1)).map((part, index) => ({
    line: [span(`${(index === 0 ? label : '').padEnd(LABEL - 1)} `, 'dim'), span(part, tone)],
    copy: text,
  }));
}
