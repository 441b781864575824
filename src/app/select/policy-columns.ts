import type { Entry } from '../../core/dialect.ts';
import type { Problem } from '../../core/problem.ts';
import { short, timeLeft } from '../format.ts';
import { entryKey } from '../order.ts';
import type { State } from '../state.ts';
import type { Usage } from '../usage.ts';
import type { Column } from './table.ts';

/** The Policy screen: one entry a row. */
export function policyColumns(state: State, usage: ReadonlyMap<string, Usage>): readonly Column<Entry>[] {
  const used = (entry: Entry): Usage => usage.get(entryKey(entry)) ?? { hosts: 0, decisions: 0 };
  return [
    {
      title: 'LINE',
      width: 5,
      align: 'right',
      priority: 3,
      sort: 'line',
      cell: entry => ({ text: String(entry.line), tone: 'dim' }),
    },
    {
      title: 'LIST',
      width: 11,
      align: 'left',
      priority: 0,
      sort: 'list',
      cell: entry => ({ text: entry.list, tone: entry.list === 'deny' ? 'deny' : 'allow' }),
    },
    {
      title: 'ENTRY',
      width: { least: 24 },
      align: 'left',
      priority: 0,
      sort: 'name',
      cell: entry => ({ text: entry.text }),
    },
    {
      title: 'HOSTS',
      width: 5,
      align: 'right',
      priority: 1,
      cell: entry =>
        used(entry).hosts === 0 ? { text: '·', tone: 'dim' } : { text: short(used(entry).hosts) },
    },
    {
      title: 'SEEN',
      width: 7,
      align: 'right',
      priority: 2,
      cell: entry =>
        used(entry).hosts === 0 ? { text: 'unused', tone: 'dim' } : { text: short(used(entry).decisions) },
    },
    {
      title: 'ENDS / REMARK',
      width: { least: 16 },
      align: 'left',
      priority: 1,
      cell: entry => remark(entry, state),
    },
  ];
}

function remark(
  entry: Entry,
  state: State,
): { readonly text: string; readonly tone: 'warn' | 'accent' | 'plain' } {
  if (entry.until !== null) return { text: `ends in ${timeLeft(entry.until, state.now)}`, tone: 'accent' };
  const problem = state.policy?.isRejected
    ? undefined
    : state.policy?.problems.find(found => isAt(found, entry));
  return problem
    ? { text: problem.why.replace(`${entry.text}: `, ''), tone: 'warn' }
    : { text: '', tone: 'plain' };
}

const isAt = (problem: Problem, entry: Entry): boolean =>
  problem.line === entry.line && problem.column === entry.column;
