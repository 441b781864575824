import { judging } from '../../state/drafted-policy.ts';
import type { State } from '../../state/state.ts';
import { attemptOf } from '../../../core/what-if/attempt-of.ts';
import type { HostRow } from '../../../core/traffic/host-row.ts';
import { counted, leading, timeColumn } from './cells.ts';
import { draftColumn } from './draft-cell.ts';
import { hostProofColumn } from './proof-cell.ts';
import { countsOf, narrowingOf } from '../../lists/narrowed-counts.ts';
import { left, right, type Column } from './table.ts';
import { policyWord } from './verdict.ts';
import { isOfNarrowed, totalCell } from './count-columns.ts';
import { nameColumn } from './name-columns.ts';

/** The columns of the Denied screen: the denied callers, the reasons, and the policy's present ruling. */
export function deniedColumns(state: State): readonly Column<HostRow>[] {
  const narrowing = narrowingOf(state);
  const of = countsOf(narrowing);
  const all = [
    nameColumn<HostRow>(state, { title: 'HOST', isName: true }),
    left<HostRow>({ title: 'NOW', width: 6, priority: 2 }, row =>
      policyWord(state.policy?.policy ?? null, row, judging(state)),
    ),
    ...hostProofColumn<HostRow>(state, attemptOf),
    ...draftColumn<HostRow>(state, attemptOf),
    right<HostRow>({ title: 'DENY', width: 6, priority: 0, sort: 'deny' }, row =>
      counted(of(row).deny, 'deny'),
    ),
    right<HostRow>({ title: 'TOTAL', width: 6, priority: 6, sort: 'total' }, row => ({
      ...totalCell(state, row),
      tone: 'plain',
    })),
    timeColumn<HostRow>(
      state,
      { title: narrowing ? 'HOST DENIED' : 'DENIED UTC', priority: 0, sort: 'denied' },
      row => row.lastDenied,
    ),
    ...(state.showsDismissed ? [asideColumn(state)] : []),
    left<HostRow>({ title: 'AGENT', width: 14, priority: 4 }, row => ({
      text: row.denied ? leading(row.denied.agents) : '-',
    })),
    left<HostRow>({ title: 'TOOL', width: 11, priority: 5 }, row => ({
      text: row.denied ? leading(row.denied.tools) : '-',
    })),
    left<HostRow>({ title: 'REASON', width: { least: 18 }, priority: 3 }, row => ({
      text: row.denied ? leading(row.denied.reasons) : '-',
      tone: 'dim',
    })),
  ];
  return narrowing ? all.filter(isOfNarrowed) : all;
}

/** Why the row is usually hidden: it was muted, or dismissed and not denied since. */
const asideColumn = ({ dismissed }: State): Column<HostRow> =>
  left({ title: 'ASIDE', width: 9, priority: 1 }, ({ name, counts }) => {
    const aside = dismissed.get(name);
    return { text: aside === 'muted' ? 'muted' : aside === counts.deny ? 'dismissed' : '', tone: 'dim' };
  });
