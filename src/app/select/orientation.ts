import type { ActionName } from '../keys/key-table.ts';
import { keyFor } from '../keys/key-bindings.ts';
import type { State } from '../state/state.ts';
import { fitLine } from './text/fit.ts';
import { span, type Line, type Span } from './text/span.ts';

/** The text at the first start. An action's name in braces is replaced by its key. */
const WORDS = [
  'A row is a host that an agent asked for. {denied-screen} lists denied hosts, {open} opens one.',
  '{allow} allows the host under the cursor: you see the diff, {confirm} writes, {undo} undoes.',
  '{help} lists the keys, {palette} finds a command, {filter} filters. {back} puts these lines away.',
] as const;

/** Three lines of introduction above the lists, only at the first start. */
export const orientationLines = (state: State): readonly Line[] =>
  state.isFirstStart && state.pages.length === 0
    ? WORDS.map(words => fitLine([span(' '), ...wordSpans(state, words)], state.columns))
    : [];

/** The parts of the split alternate between text and names of actions. */
const wordSpans = (state: State, words: string): readonly Span[] =>
  words
    .split(/\{([a-z-]+)\}/)
    .map((part, index) =>
      index % 2 === 1 ? span(keyFor(state, part as ActionName), 'strong') : span(part, 'accent'),
    );
