import type { State } from '../state/state.ts';
import { fitLine } from './text/fit.ts';
import { span, type Line } from './text/span.ts';

/** The words of a first start, and the keys among them. */
const WORDS: readonly (readonly (readonly [text: string, isKey?: true])[])[] = [
  [
    ['A row is a host that an agent asked for. '],
    ['2', true],
    [' lists denied hosts, '],
    ['Enter', true],
    [' opens one.'],
  ],
  [
    ['a', true],
    [' allows the host under the cursor: you see the diff, Enter writes, '],
    ['u', true],
    [' undoes.'],
  ],
  [
    ['?', true],
    [' lists the keys, '],
    [':', true],
    [' finds a command, '],
    ['/', true],
    [' filters. '],
    ['Esc', true],
    [' puts these lines away.'],
  ],
];

/** Three lines of orientation above the lists, at the first start alone. */
export const orientationLines = ({ isFirstStart, pages, columns }: State): readonly Line[] =>
  isFirstStart && pages.length === 0
    ? WORDS.map(words =>
        fitLine(
          [span(' '), ...words.map(([text, isKey]) => span(text, isKey ? 'strong' : 'accent'))],
          columns,
        ),
      )
    : [];
