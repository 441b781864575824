import type { Entry } from '../../core/dialect.ts';
import type { Problem } from '../../core/problem.ts';
import type { DraftMark, ShownEntry } from '../drafted-policy.ts';
import { short, timeLeft } from '../format.ts';
import { entryKey } from '../order.ts';
import type { State } from '../state.ts';
import type { Usage } from '../usage.ts';
import type { Cell, Column } from './table.ts';

/** What stands before the list of an entry that a draft changes. */
const SIGN: Readonly<Record<DraftMark | 'none', string>> = {
  none: '',
  added: '+',
  removed: '-',
  'new end': '~',
};

/** The Policy screen: one entry a row. */
export function policyColumns(
  state: State,
  usage: ReadonlyMap<string, Usage>,
): readonly Column<ShownEntry>[] {
  const used = (entry: Entry): Usage => usage.get(entryKey(entry)) ?? { hosts: 0, decisions: 0 };
  return [
    {
      title: 'LINE',
      width: 5,
      align: 'right',
      priority: 3,
      sort: 'line',
      cell: ({ entry }) => ({ text: String(entry.line), tone: 'dim' }),
    },
    {
      title: 'LIST',
      width: state.draft ? 12 : 11,
      align: 'left',
      priority: 0,
      sort: 'list',
      cell: ({ entry, mark }) => ({
        text: `${SIGN[mark ?? 'none']}${entry.list}`,
        tone: entry.list === 'deny' ? 'deny' : 'allow',
      }),
    },
    {
      title: 'ENTRY',
      width: { least: 24 },
      align: 'left',
      priority: 0,
      sort: 'name',
      cell: ({ entry }) => ({ text: entry.text }),
    },
    {
      title: 'HOSTS',
      width: 5,
      align: 'right',
      priority: 1,
      cell: ({ entry }) =>
        used(entry).hosts === 0 ? { text: '·', tone: 'dim' } : { text: short(used(entry).hosts) },
    },
    {
      title: 'SEEN',
      width: 7,
      align: 'right',
      priority: 2,
      cell: ({ entry }) =>
        used(entry).hosts === 0 ? { text: 'unused', tone: 'dim' } : { text: short(used(entry).decisions) },
    },
    {
      title: 'ENDS / REMARK',
      width: { least: 16 },
      align: 'left',
      priority: 1,
      cell: shown => remark(shown, state),
    },
  ];
}

function remark({ entry, mark }: ShownEntry, state: State): Cell {
  if (mark === 'removed') return { text: 'draft: taken away', tone: 'removed' };
  if (mark !== null)
    return {
      text: `draft: ${[mark, ends(entry, state)].filter(part => part !== '').join(', ')}`,
      tone: 'added',
    };
  if (entry.until !== null) return { text: ends(entry, state), tone: 'accent' };
  const problem = state.policy?.isRejected
    ? undefined
    : state.policy?.problems.find(found => isAt(found, entry));
  return problem
    ? { text: problem.why.replace(`${entry.text}: `, ''), tone: 'warn' }
    : { text: '', tone: 'plain' };
}

const ends = ({ until }: Entry, { now }: State): string =>
  until === null ? '' : `ends in ${timeLeft(until, now)}`;

const isAt = (problem: Problem, entry: Entry): boolean =>
  problem.line === entry.line && problem.column === entry.column;
