import { keyFor } from '../../keys/key-bindings.ts';
import { clock, timeAgo, timeLeft } from '../text/format.ts';
import { line, span, type Tone } from '../text/span.ts';
import type { State } from '../../state/state.ts';
import { recordOf, type JournalLine } from '../../state/journal.ts';
import { diffLines } from '../diff-lines.ts';
import { blank, fact, heading, type PageLine } from './page.ts';

const STANDING: Readonly<Record<JournalLine['standing'], { readonly word: string; readonly tone: Tone }>> = {
  stands: { word: '', tone: 'plain' },
  undone: { word: 'undone', tone: 'dim' },
  undo: { word: 'undo', tone: 'accent' },
  expiry: { word: 'ended', tone: 'accent' },
};

/** The page of the edits of the open policy file, newest first. */
export function journalPage(state: State): readonly PageLine[] {
  const { journal, policy, options, now } = state;
  if (!policy) return [{ line: line(options.noPolicy, 'dim') }];
  if (journal.length === 0)
    return [
      { line: line(`No edit of ${policy.path} was made through egresstop yet.`, 'dim') },
      { line: line('What is written in an editor is followed, but not in the journal.', 'dim') },
    ];
  return [
    heading(`JOURNAL of ${policy.path}`),
    {
      line: line(
        `${keyFor(state, 'open')} shows the diff · ${keyFor(state, 'undo')} takes back the edit under the cursor, and no other`,
        'dim',
      ),
    },
    blank,
    { line: line(`${'WHEN UTC'.padEnd(14)}  ${'ACK'.padEnd(5)}  ${'STATE'.padEnd(6)}  EDIT`, 'dim') },
    ...journal.map(entry => ({ line: row(entry, now), journal: entry, copy: entry.what })),
  ];
}

function row({ at, actor, what, standing, acknowledged }: JournalLine, now: number): PageLine['line'] {
  const { word, tone } = STANDING[standing];
  return [
    span(`${clock(Date.parse(at), now).padEnd(14)}  `, 'dim'),
    span(`${(acknowledged === null ? '' : '✓ ack').padEnd(5)}  `, 'allow'),
    span(`${word.padEnd(6)}  `, tone),
    span(what, standing === 'undone' ? 'dim' : 'plain'),
    span(`  by ${actor}`, 'dim'),
  ];
}

/** The page of one record of the journal: its diff and its result. */
export function journalRecordPage(name: JournalLine['name'], state: State): readonly PageLine[] {
  const width = state.columns - 2;
  const found = recordOf(state.journal, name);
  if (!found) return [{ line: line('The journal no longer holds this edit.', 'dim') }];
  const became: Readonly<Record<JournalLine['standing'], string>> = {
    stands: `not undone; ${keyFor(state, 'undo')} does`,
    undone: 'undone by a later record',
    undo: 'it is the undo of an earlier edit',
    expiry: 'its grants were over, and egresstop removed them',
  };
  return [
    { line: line(found.what, 'strong'), copy: found.what },
    ...fact('when', `${found.at}, ${timeAgo(Date.parse(found.at), state.now)}, by ${found.actor}`, { width }),
    ...fact('state', became[found.standing], { width }),
    ...fact(
      'acknowledged',
      found.acknowledged === null
        ? 'no mediator has acknowledged it'
        : `a mediator acknowledged this text at ${found.acknowledged}`,
      { width },
    ),
    ...(found.expires === null ? [] : fact('ends', endOf(found.expires, state.now), { width })),
    blank,
    heading('DIFF'),
    ...(found.diff === ''
      ? [
          {
            line: line(
              'The text stayed as it was: only the end of a grant changed, which the journal holds.',
              'dim',
            ),
          },
        ]
      : diffLines(found.diff).map(shown => ({ line: shown, copy: found.diff }))),
  ];
}

/** The end of a grant: `2026-11-20T18:00:00.000Z, in 1 hour 12 minutes`. */
function endOf(expires: string, now: number): string {
  const left = timeLeft(Date.parse(expires), now);
  return `${expires}, ${left === 'over' ? left : `in ${left}`}`;
}
