import type { Dialect, PolicyEdit } from '../core/policy/dialect.ts';
import type { Problem } from '../core/problem.ts';
import { toIso } from '../core/time.ts';
import type { EditOutcome, EditRefused } from './editing/edit.ts';
import { fileProblem } from './file-problem.ts';
import { appendRecord, readJournal } from './journal/journal.ts';
import { type JournalRecord, type Undo, withdrawalOf } from './journal/journal-record.ts';
import { readText } from './read-text.ts';
import { revision } from './revision.ts';
import { type Failed, type HeldPolicy, holdPolicy } from './writing/write.ts';

/** Another program that does not ask for the lock may write between our read and our rename: the edit is then made anew, so often. */
const COMMIT_ATTEMPTS = 10;

/** Who does what to which file. */
export interface Act {
  readonly path: string;
  readonly dialect: Dialect;
  /** The journal's path. */
  readonly journal: string;
  readonly actor: string;
  /** Unix ms, for the journal. */
  readonly now: number;
  /** Of the text that the operator was shown; left out, whatever stands there is edited. */
  readonly expectedRevision?: string;
}

/** An edit written and journalled. An empty diff: only the journal had something to say (an end lifted in a format without comments). */
export interface Committed {
  readonly type: 'written';
  readonly text: string;
  readonly diff: string;
  readonly record: JournalRecord;
}

/** The file is no longer the one that was shown; `preview` is the edit on what stands there now. Nothing was written. */
export interface Conflict {
  readonly type: 'conflict';
  readonly revision: string;
  readonly preview: EditOutcome;
}

/** How an act on a policy file went. */
export type CommitResult =
  Committed | Conflict | { readonly type: 'unchanged'; readonly why: string } | EditRefused | Failed;

/** What is to be done with the text that stands there, and how the journal shall tell it. */
export interface Proposal {
  readonly outcome: EditOutcome;
  readonly asRecorded: (edit: PolicyEdit) => PolicyEdit | Undo;
}

/** Says what is to be done with the text that stands there, from it and the journal's records of the file, oldest first. */
export type Propose = (text: string, records: readonly JournalRecord[]) => Proposal;

/**
 * Carries out what is proposed for the current text, under one lock, and again on a fresh text where another program interfered. The
 * journal is written first: a crash leaves at most a record without effect.
 */
export const attempt = (act: Act, propose: Propose): Promise<CommitResult> =>
  holdPolicy(act.path, async held => {
    let result: CommitResult | 'again' = 'again';
    for (let count = 0; count < COMMIT_ATTEMPTS && result === 'again'; count++)
      result = await once(act, held, propose);
    return result === 'again' ? { type: 'failed', problem: contention(act.path) } : result;
  });

const contention = (path: string): Problem =>
  fileProblem(path, 'another program keeps writing this file', 'stop it and try again');

async function once(act: Act, held: HeldPolicy, propose: Propose): Promise<CommitResult | 'again'> {
  const [found, journal] = [await readText(held.target), await readJournal(act.journal)];
  if (found.type !== 'text') return { type: 'failed', problem: found.problem };
  if (journal.type === 'failed') return journal;
  const proposal = propose(
    found.text,
    journal.records.filter(({ file }) => file === held.target),
  );
  const { outcome } = proposal;
  if (act.expectedRevision !== undefined && act.expectedRevision !== found.revision) {
    return { type: 'conflict', revision: found.revision, preview: outcome };
  }
  if (outcome.type !== 'edited') return outcome;
  const record = recordOf(act, held.target, found.revision, outcome, proposal.asRecorded(outcome.edit));
  return write(act, held, outcome.text, record);
}

type Edited = Extract<EditOutcome, { type: 'edited' }>;

function recordOf(
  act: Act,
  file: string,
  before: string,
  { text, diff, edit }: Edited,
  recorded: PolicyEdit | Undo,
): JournalRecord {
  const ends = edit.flatMap(change =>
    change.type === 'add' && change.until !== undefined ? [change.until] : [],
  );
  const expires = ends.length > 0 ? toIso(Math.min(...ends)) : null;
  const { actor, now } = act;
  return {
    at: toIso(now),
    actor,
    file,
    before,
    after: revision(text),
    edit: recorded,
    diff,
    expires,
    acknowledged: null,
  };
}

async function write(
  { journal }: Act,
  held: HeldPolicy,
  text: string,
  record: JournalRecord,
): Promise<CommitResult | 'again'> {
  const committed = { type: 'written', text, diff: record.diff, record } as const;
  if (record.before === record.after) {
    const problem = await appendRecord(journal, record);
    return problem ? { type: 'failed', problem } : committed;
  }
  let isJournalled = false;
  const beforeRename = async (): Promise<Problem | null> => {
    const problem = await appendRecord(journal, record);
    isJournalled = problem === null;
    return problem;
  };
  const written = await held.replace({ text, expectedRevision: record.before, beforeRename });
  if (written.type !== 'written' && isJournalled) await appendRecord(journal, withdrawalOf(record));
  if (written.type === 'conflict') return 'again';
  return written.type === 'failed' ? written : committed;
}
