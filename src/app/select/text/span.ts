/** The meaning of a text, from which the theme derives its style. Every meaning is also expressed in words. */
export type Tone =
  | 'plain'
  | 'dim'
  | 'strong'
  | 'accent'
  | 'allow'
  | 'deny'
  | 'warn'
  | 'pending'
  | 'error'
  | 'match'
  | 'selected'
  | 'selected-match'
  | 'badge'
  | 'added'
  | 'removed'
  | BarTone;

/** The tone of a part of a bar in a chart. */
export type BarTone = 'bar-deny' | 'bar-other' | 'bar-allow';

/** A run of text in one tone. The text may be unsafe; it is made safe when the frame is put together. */
export interface Span {
  readonly text: string;
  readonly tone: Tone;
}

/** One row of the terminal. */
export type Line = readonly Span[];

export const span = (text: string, tone: Tone = 'plain'): Span => ({ text, tone });

export const line = (text: string, tone: Tone = 'plain'): Line => [span(text, tone)];

export const BLANK: Line = [];

/** Whether two lines look the same. */
export const sameLine = (one: Line, other: Line): boolean =>
  one === other ||
  (one.length === other.length &&
    one.every(({ text, tone }, index) => text === other[index]?.text && tone === other[index].tone));
