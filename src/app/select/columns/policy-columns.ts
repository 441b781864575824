import type { Entry } from '../../../core/policy/dialect.ts';
import type { Problem } from '../../../core/problem.ts';
import type { DraftMark, ShownEntry } from '../../state/drafted-policy.ts';
import { short, timeLeft } from '../text/format.ts';
import { entryKey } from '../../state/entry-key.ts';
import type { State } from '../../state/state.ts';
import type { Usage } from '../../lists/usage.ts';
import { counted } from './cells.ts';
import { entryProofColumn } from './proof-cell.ts';
import { left, right, type Cell, type Column } from './table.ts';

/** The sign of an entry that a draft changes. */
const SIGN: Readonly<Record<DraftMark | 'none', string>> = {
  none: '',
  added: '+',
  removed: '-',
  'new end': '~',
};

/** The columns of the Policy screen, which has one entry a row. */
export function policyColumns(
  state: State,
  usage: ReadonlyMap<string, Usage> | null,
): readonly Column<ShownEntry>[] {
  const used = (entry: Entry): Usage => usage?.get(entryKey(entry)) ?? { hosts: 0, decisions: 0 };
  const counting: Cell = { text: '…', tone: 'dim' };
  return [
    right({ title: 'LINE', width: 6, priority: 3, sort: 'line' }, ({ entry, memory }) => ({
      text:
        memory !== null
          ? 'memory'
          : entry.flag === undefined
            ? entry.file === undefined
              ? String(entry.line)
              : 'other'
            : 'flag',
      tone: 'dim',
    })),
    left({ title: 'LIST', width: state.draft ? 12 : 11, priority: 0, sort: 'list' }, ({ entry, mark }) => ({
      text: `${SIGN[mark ?? 'none']}${entry.list}`,
      tone: entry.list === 'deny' ? 'deny' : 'allow',
    })),
    left({ title: 'ENTRY', isName: true, width: { least: 24 }, priority: 0, sort: 'name' }, ({ entry }) => ({
      text: entry.text,
    })),
    ...entryProofColumn<ShownEntry>(state, ({ entry }) => entry),
    right({ title: 'HOSTS', width: 5, priority: 1 }, ({ entry }) =>
      usage ? counted(used(entry).hosts) : counting,
    ),
    right({ title: 'SEEN', width: 7, priority: 2 }, ({ entry }) => {
      if (!usage) return counting;
      const { hosts, decisions } = used(entry);
      return hosts === 0 ? { text: 'unused', tone: 'dim' } : { text: short(decisions) };
    }),
    left({ title: 'ENDS / REMARK', width: { least: 16 }, priority: 1 }, shown => remark(shown, state)),
  ];
}

function remark({ entry, mark, memory }: ShownEntry, state: State): Cell {
  if (memory !== null)
    return {
      text: `in memory: ${memory.until === null ? 'this run' : ends(entry, state)}, by ${memory.by}`,
      tone: 'accent',
    };
  if (mark === 'removed') return { text: 'draft: taken away', tone: 'removed' };
  if (mark !== null)
    return {
      text: `draft: ${[mark, ends(entry, state)].filter(part => part !== '').join(', ')}`,
      tone: 'added',
    };
  if (entry.flag !== undefined) return { text: `${entry.flag}: ends with the mediator`, tone: 'accent' };
  if (entry.file !== undefined) return { text: `stands in ${entry.file}`, tone: 'dim' };
  if (entry.until !== null) return { text: ends(entry, state), tone: 'accent' };
  const problem = state.policy?.trouble
    ? undefined
    : state.policy?.problems.find(found => isAt(found, entry));
  return problem ? problemCell(problem, entry) : { text: '', tone: 'plain' };
}

/** A problem of an entry with its remedy, shortened for a cell. Only the first part of the reason is shown. */
function problemCell({ why, remedy }: Problem, { text }: Entry): Cell {
  const reason = why.replace(`${text}: `, '');
  const short = remedy === null ? reason : `${reason.replace(/[:;] .*$/s, '')}: ${remedy}`;
  return { text: short, value: reason, tone: 'warn' };
}

const ends = ({ until }: Entry, { now }: State): string =>
  until === null ? '' : `ends in ${timeLeft(until, now)}`;

const isAt = (problem: Problem, entry: Entry): boolean =>
  problem.line === entry.line && problem.column === entry.column;
