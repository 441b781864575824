import { keyFor } from '../../keys/key-bindings.ts';
import { plural } from '../../../core/grouped.ts';
import type { ShownEntry } from '../../state/drafted-policy.ts';
import { entryKey } from '../../state/entry-key.ts';
import type { State } from '../../state/state.ts';
import type { UsageByEntry } from '../../lists/usage.ts';
import { timeLeft } from '../text/format.ts';
import { line, span } from '../text/span.ts';
import { blank, fact, type PageLine } from './page.ts';

/** The page of one entry of the policy: its place, its end, and the hosts that it decides. */
export function entryPage(shown: ShownEntry, state: State, usage: UsageByEntry | null): readonly PageLine[] {
  const { entry, mark } = shown;
  const width = state.columns - 2;
  const used = usage?.get(entryKey(entry));
  const problems = (state.policy?.problems ?? []).filter(
    found => found.line === entry.line && found.column === entry.column,
  );
  return [
    {
      line: [span(`${entry.list} `, entry.list === 'deny' ? 'deny' : 'allow'), span(entry.text, 'strong')],
      copy: entry.text,
    },
    blank,
    ...fact('stands in', placeOf(shown, state), { width }),
    ...(mark === null ? [] : fact('draft', mark, { width, tone: 'accent' })),
    ...(entry.until === null
      ? []
      : fact('ends in', timeLeft(entry.until, state.now), { width, tone: 'accent' })),
    ...fact('decides', usage === null ? 'being counted …' : usedBy(used), { width }),
    ...problems.flatMap(problem => fact('warning', problem.why, { width, tone: 'warn' })),
    blank,
    { line: line(`${keyFor(state, 'open')} lists the hosts that it decides`, 'dim') },
  ];
}

const usedBy = (used: { readonly hosts: number; readonly decisions: number } | undefined): string =>
  used
    ? `${plural(used.decisions, 'decision')} on ${plural(used.hosts, 'host')} seen so far`
    : 'no traffic so far';

/** The place of the entry: a file, the command line, or the memory of a mediator. */
function placeOf({ entry: { line, flag, file }, memory }: ShownEntry, state: State): string {
  if (memory !== null) return `the mediator’s memory: ${keyFor(state, 'remove')} takes it back`;
  return flag === undefined ? `${file ?? state.policy?.path ?? ''}:${line}` : `${flag}, a flag`;
}
