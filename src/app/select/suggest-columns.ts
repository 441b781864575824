import type { Counts } from '../../core/counts.ts';
import type { SuggestionGroup } from '../../core/suggestion.ts';
import { clockCells, clockIn, grouped, short } from '../format.ts';
import { BLANK, line, span, type Line, type Tone } from '../span.ts';
import type { State } from '../state.ts';
import { isTicked, type ShownSuggestion, type ShownSuggestions } from '../suggesting.ts';
import { leading } from './host-columns.ts';
import type { Cell, Column } from './table.ts';

/** Why, in one word. */
const WORDS: Readonly<Record<SuggestionGroup, { readonly text: string; readonly tone: Tone }>> = {
  allow: { text: 'let through', tone: 'allow' },
  passthrough: { text: 'TLS refused', tone: 'warn' },
  denied: { text: 'denied', tone: 'deny' },
  redundant: { text: 'redundant', tone: 'dim' },
  unused: { text: 'unused', tone: 'dim' },
};

/** The Suggest screen: one change of the policy a row. */
export function suggestColumns(state: State): readonly Column<ShownSuggestion>[] {
  return [
    {
      title: '',
      width: 3,
      align: 'left',
      priority: 0,
      cell: ({ suggestion }) =>
        isTicked(state, suggestion) ? { text: '[x]', tone: 'accent' } : { text: '[ ]', tone: 'dim' },
    },
    {
      title: 'ENTRY',
      width: { least: 26 },
      align: 'left',
      priority: 0,
      sort: 'name',
      cell: ({ suggestion: { change } }) => ({
        text: `${change.type === 'add' ? '+' : '−'}${change.entry}`,
        tone: change.type === 'add' ? 'added' : 'removed',
      }),
    },
    {
      title: 'LIST',
      width: 11,
      align: 'left',
      priority: 8,
      cell: ({ suggestion }) => ({ text: suggestion.change.list, tone: 'dim' }),
    },
    {
      title: 'WHY',
      width: 11,
      align: 'left',
      priority: 0,
      sort: 'list',
      cell: ({ suggestion }) => WORDS[suggestion.group],
    },
    {
      title: 'HOSTS',
      width: 5,
      align: 'right',
      priority: 1,
      cell: ({ suggestion }) => ({ text: short(suggestion.rows.length) }),
    },
    counted('ALLOW', 2, 'allow', counts => counts.allow),
    counted('DENY', 2, 'deny', counts => counts.deny + counts['would-deny']),
    counted('ERROR', 7, 'error', counts => counts.error),
    {
      title: 'LAST UTC',
      width: clockCells(state.columns),
      align: 'left',
      priority: 6,
      cell: ({ evidence }) => ({ text: clockIn(clockCells(state.columns), evidence.last, state.now) }),
    },
    {
      title: 'AGENT',
      width: 14,
      align: 'left',
      priority: 4,
      cell: ({ evidence }) => ({ text: leading(evidence.agents) }),
    },
    {
      title: 'TOOL',
      width: 12,
      align: 'left',
      priority: 5,
      cell: ({ evidence }) => ({ text: leading(evidence.tools) }),
    },
    {
      title: 'REMARK',
      width: { least: 24 },
      align: 'left',
      priority: 3,
      cell: ({ suggestion }) => ({ text: suggestion.remarks.join('; '), tone: 'warn' }),
    },
  ];
}

const counted = (
  title: string,
  priority: number,
  tone: Tone,
  count: (counts: Counts) => number,
): Column<ShownSuggestion> => ({
  title,
  width: 5,
  align: 'right',
  priority,
  cell: ({ evidence }): Cell => {
    const value = count(evidence.counts);
    return value === 0 ? { text: '·', tone: 'dim' } : { text: short(value), tone };
  },
});

/** What stands above the rows: how many are ticked, and what could not be told. */
export function suggestNotes(state: State, { suggestions }: ShownSuggestions): readonly Line[] {
  if (!state.policy) return [line(' No policy file is open: start with --policy FILE.', 'warn'), BLANK];
  const ticked = suggestions.list.filter(suggestion => isTicked(state, suggestion)).length;
  const [first] = suggestions.leftOut;
  return [
    [
      span(` ${grouped(ticked)} of ${grouped(suggestions.list.length)} ticked`, 'strong'),
      span('  Space ticks, a shows what is ticked as one diff, Enter the hosts', 'dim'),
    ],
    ...suggestions.notes.map(note => line(` ${note}`, 'dim')),
    ...(first
      ? [line(` ${grouped(suggestions.leftOut.length)} left out, as ${first.host}: ${first.why}`, 'dim')]
      : []),
    BLANK,
  ];
}
