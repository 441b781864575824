import type { Entry, Policy } from '../../core/dialect.ts';
import type { Problem } from '../../core/problem.ts';
import type { Traffic } from '../../core/traffic.ts';
import { short, timeLeft } from '../format.ts';
import { entryKey } from '../order.ts';
import type { State } from '../state.ts';
import type { Column } from './table.ts';

/** How many hosts seen, and decisions on them, an entry decides. */
export interface Usage {
  readonly hosts: number;
  readonly decisions: number;
}

/** Asks the policy once per distinct host which entry decides it. Kept until policy or traffic change. */
export function usageOf(policy: Policy, traffic: Traffic, state: State): ReadonlyMap<string, Usage> {
  const usage = new Map<string, Usage>();
  for (const row of traffic.hosts.values()) {
    const { entry } = policy.judge({ host: row.name, address: row.address }, { mode: state.options.mode });
    if (!entry) continue;
    const key = entryKey(entry);
    const before = usage.get(key) ?? { hosts: 0, decisions: 0 };
    usage.set(key, { hosts: before.hosts + 1, decisions: before.decisions + row.counts.total });
  }
  return usage;
}

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
      title: 'DECIDED',
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
