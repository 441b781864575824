import { completions } from '../complete.ts';
import { fitLine, lineWidth, spread } from '../fit.ts';
import { KEY_TABLE } from '../key-table.ts';
import { contextOf } from '../keymap.ts';
import { line, span, type Line, type Span } from '../span.ts';
import type { State, TextInput } from '../state.ts';
import type { Traffic } from '../../core/traffic.ts';
import { spellKey } from './help-page.ts';

/** The last line: what is being typed, else what was just told, else the keys that matter here. */
export function footerLine(state: State, traffic: Traffic): Line {
  const { prompt } = state;
  switch (prompt.type) {
    case 'filter':
      return spread(
        [span(' /', 'accent'), ...typed(prompt.input)],
        filterHint(state, prompt.input, traffic),
        state.columns,
      );
    case 'palette':
      return [span(' :', 'accent'), ...typed(prompt.input)];
    case 'entry':
      return spread(
        [span(' new entry: ', 'accent'), ...typed(prompt.input)],
        line('Enter shows the diff, Esc leaves', 'dim'),
        state.columns,
      );
    case 'none':
      return spread(
        state.notice ? [span(` ${state.notice.text}`, state.notice.tone)] : hints(state),
        marks(state),
        state.columns,
      );
  }
}

/** The text with a block where the cursor is. */
function typed({ text, cursor }: TextInput): readonly Span[] {
  return [
    span(text.slice(0, cursor)),
    span(text.slice(cursor, cursor + 1) || ' ', 'selected'),
    span(text.slice(cursor + 1)),
  ];
}

function filterHint(state: State, input: TextInput, traffic: Traffic): Line {
  if (state.filter.error !== null) return line(state.filter.error, 'deny');
  const found = completions(input, traffic);
  if (found.length > 0)
    return fitLine(
      [span('Tab: ', 'dim'), span(found.slice(0, 4).join(' '), 'accent')],
      Math.floor(state.columns / 2),
    );
  return line('rows that match; their counts stay whole', 'dim');
}

/** The keys that matter here, as many as fit; help and the way out always. */
function hints(state: State): Line {
  const shown = KEY_TABLE.filter(
    binding => binding.hint !== undefined && binding.contexts.includes(contextOf(state)),
  ).map(({ keys, hint }): Line => [
    span(` ${spellKey(keys[0] ?? '')}`, 'strong'),
    span(` ${hint ?? ''} `, 'dim'),
  ]);
  const last = shown.slice(-2);
  let left = state.columns - lineWidth(last.flat()) - lineWidth(marks(state)) - 1;
  const fitting = shown.slice(0, -2).filter(hint => (left -= lineWidth(hint)) >= 0);
  return [...fitting, ...last].flat();
}

function marks({ marked, isMouseOn, dismissed }: State): Line {
  return [
    ...(marked.size > 0 ? [span(`${marked.size} marked `, 'accent')] : []),
    ...(dismissed.size > 0 ? [span(`${dismissed.size} dismissed `, 'dim')] : []),
    ...(isMouseOn ? [span('mouse ', 'dim')] : []),
  ];
}
