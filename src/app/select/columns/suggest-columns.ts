import { keyed, keyFor } from '../../keys/key-bindings.ts';
import type { SuggestionGroup } from '../../../core/suggest/suggestion.ts';
import { grouped } from '../../../core/grouped.ts';
import { short } from '../text/format.ts';
import { BLANK, line, type Line, type Tone } from '../text/span.ts';
import type { State } from '../../state/state.ts';
import { describeProblem, isError } from '../../../core/problem.ts';
import { troubleWords } from '../../state/policy-trouble.ts';
import { wrap } from '../text/fit.ts';
import { isTicked, type ShownSuggestion, type ShownSuggestions } from '../../lists/suggesting.ts';
import { counted, leading, timeColumn } from './cells.ts';
import { left, right, type Column } from './table.ts';

/** The reasons for suggestions, in one word each. */
const WORDS: Readonly<Record<SuggestionGroup, { readonly text: string; readonly tone: Tone }>> = {
  allow: { text: 'allowed', tone: 'allow' },
  passthrough: { text: 'TLS fails', tone: 'warn' },
  denied: { text: 'denied', tone: 'deny' },
  redundant: { text: 'redundant', tone: 'dim' },
  unused: { text: 'unused', tone: 'dim' },
};

/** The columns of the Suggest screen, which has one change a row. */
export function suggestColumns(state: State): readonly Column<ShownSuggestion>[] {
  return [
    left({ title: '', width: 3, priority: 0 }, ({ suggestion }) =>
      isTicked(state, suggestion) ? { text: '[x]', tone: 'accent' } : { text: '[ ]', tone: 'dim' },
    ),
    left(
      { title: 'ENTRY (+ add, − remove)', isName: true, width: { least: 26 }, priority: 0, sort: 'name' },
      ({ suggestion: { change } }) => ({
        text: `${change.type === 'add' ? '+' : '−'}${change.entry}`,
        tone: change.type === 'add' ? 'added' : 'removed',
      }),
    ),
    left({ title: 'LIST', width: 11, priority: 8 }, ({ suggestion }) => ({
      text: suggestion.change.list,
      tone: 'dim',
    })),
    left({ title: 'WHY', width: 9, priority: 0, sort: 'list' }, ({ suggestion }) => WORDS[suggestion.group]),
    right({ title: 'HOSTS', width: 5, priority: 1 }, ({ suggestion }) => ({
      text: short(suggestion.rows.length),
    })),
    right({ title: 'ALLOW', width: 5, priority: 2 }, ({ evidence: { counts } }) =>
      counted(counts.allow, 'allow'),
    ),
    right({ title: 'DENY', width: 5, priority: 2 }, ({ evidence: { counts } }) =>
      counted(counts.deny + counts['would-deny'], 'deny'),
    ),
    right({ title: 'ERROR', width: 5, priority: 7 }, ({ evidence: { counts } }) =>
      counted(counts.error, 'error'),
    ),
    timeColumn(state, { title: 'LAST UTC', priority: 6 }, ({ evidence }) => evidence.last),
    left({ title: 'AGENT', width: 14, priority: 4 }, ({ evidence }) => ({ text: leading(evidence.agents) })),
    left({ title: 'TOOL', width: 12, priority: 5 }, ({ evidence }) => ({ text: leading(evidence.tools) })),
    left({ title: 'REMARK', width: { least: 24 }, priority: 3 }, ({ suggestion }) => ({
      text: suggestion.remarks.join('; '),
      tone: 'warn',
    })),
  ];
}

/** Why suggestions cannot be written now. */
function whyNotWritten(state: State): readonly string[] {
  const { policy, options } = state;
  if (!policy) return [options.noPolicy];
  const trouble = troubleWords(policy);
  if (trouble) {
    const base = policy.policy
      ? 'The list below is for the last valid policy.'
      : 'So nothing can be suggested for it.';
    const [problem] = trouble.hindrance === null ? [] : policy.problems.filter(isError);
    return [`${keyed(state, trouble.meaning)} ${base}`, ...(problem ? [describeProblem(problem)] : [])];
  }
  if (policy.readOnly !== undefined) return [policy.readOnly];
  return options.isReadonly ? ['Read-only: what is suggested here is not written.'] : [];
}

/** The lines above the rows: how many are ticked, and what could not be determined. */
export function suggestNotes(state: State, { suggestions, isMade }: ShownSuggestions): readonly Line[] {
  const hindered = whyNotWritten(state).flatMap(text =>
    wrap(text, state.columns - 2).map(part => line(` ${part}`, 'warn')),
  );
  if (!state.policy?.policy || !isMade) return hindered.length === 0 ? [] : [...hindered, BLANK];
  const ticked = suggestions.list.filter(suggestion => isTicked(state, suggestion)).length;
  const [first] = suggestions.leftOut;
  return [
    ...hindered,
    line(` ${grouped(ticked)} of ${grouped(suggestions.list.length)} ticked`, 'strong'),
    ...[
      `${keyFor(state, 'mark')} ticks · ${keyFor(state, 'allow')} shows the diff of all ticked rows · ${keyFor(state, 'open')} lists the hosts of a row`,
      ...suggestions.notes,
      ...(first ? [`${grouped(suggestions.leftOut.length)} left out, as ${first.host}: ${first.why}`] : []),
    ].flatMap(note => wrap(note, state.columns - 2).map(part => line(` ${part}`, 'dim'))),
    BLANK,
  ];
}
