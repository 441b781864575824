import { mkdir, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Dialect, PolicyEdit } from '../core/policy/dialect.ts';
import { entryChanges } from '../core/policy/edit-parts.ts';
import type { FileFate } from '../core/policy/file-fate.ts';
import type { Problem } from '../core/problem.ts';
import { toIso } from '../core/time.ts';
import { baseText, NO_FILE, revision } from './read.ts';
import type { CommitResult } from './edit-result.ts';
import { diffOfFate } from './editing/diff.ts';
import {
  type EditOutcome,
  type EditRefused,
  parsePolicy,
  type PolicyText,
  type ValidText,
} from './editing/edit.ts';
import type { Today } from './editing/inverse.ts';
import { type Failed, fileProblem } from './file-problem.ts';
import { appendRecord, readJournal } from './journal/journal.ts';
import { type JournalRecord, withdrawalOf } from './journal/journal-record.ts';
import { type HeldFile, holdFile } from './writing/lock.ts';
import { replaceFile } from './writing/replace-file.ts';

/** The policy file, its dialect, and who edits it. */
export interface PolicyFileOptions {
  readonly path: string;
  readonly dialect: Dialect;
  /** The text of a new file, for an edit that adds entries where no file exists. Absent: no file is created. */
  readonly start?: string;
  /** Whether a missing folder is created with the file. Absent: the folder must exist. */
  readonly makesFolder?: true;
  /** The path of the journal. */
  readonly journal: string;
  /** `user@host`, as recorded in the journal. */
  readonly actor: string;
  /** Returns unix ms, for the journal and the ends of grants. */
  readonly now: () => number;
}

/**
 * The most attempts of a commit. A program that ignores the lock may write between our read and our rename; then the commit starts again.
 */
const COMMIT_ATTEMPTS = 10;

/** A proposed edit. An undo also names the record that it reverts. */
export interface Proposal {
  readonly outcome: EditOutcome;
  readonly undoes?: JournalRecord;
  /** The edits that an undo skipped, and why. */
  readonly notes?: readonly string[];
  /** Set where undoing the file's creation removes the file. */
  readonly removesFile?: true;
}

/** The effect of writing this proposal on the file. */
export function fateOf({ removesFile }: Proposal, { isNew }: { readonly isNew: boolean }): FileFate {
  if (removesFile) return 'removed';
  return isNew ? 'made' : 'changed';
}

/** A write: how to propose its text, and its conditions. */
export interface Order {
  readonly propose: (today: Today) => Proposal;
  /** The revision that the operator saw; absent: any revision may be edited. */
  readonly expected?: string | undefined;
  /** The author for the journal, if it is not `PolicyFileOptions.actor`. */
  readonly actor?: string;
  /** Whether a missing file may be created. */
  readonly mayMake?: boolean;
  /** The text whose policy stands in where the file's text is invalid. Absent: an invalid text is refused. */
  readonly instead?: string;
}

/** Carries out an order under one lock. If another program writes meanwhile, it asks for a new proposal on the new text. */
export async function carryOut(file: PolicyFileOptions, order: Order): Promise<CommitResult> {
  const { path, makesFolder } = file;
  const folder = makesFolder && order.mayMake ? await madeFolder(dirname(path)) : null;
  const carried = await holdFile(path, async held => {
    let result: CommitResult | 'again' = 'again';
    for (let count = 0; count < COMMIT_ATTEMPTS && result === 'again'; count++)
      result = await once(file, held, order);
    return result === 'again' ? ({ type: 'failed', problem: contention(path) } as const) : result;
  });
  if (folder !== null && carried.type !== 'written') await rmdir(folder).catch(ignored); // another program put a file there
  return carried;
}

/** Creates the folder. Returns it only if it was missing. Errors are ignored here: taking the lock in that folder reports them. */
async function madeFolder(folder: string): Promise<string | null> {
  try {
    await mkdir(folder, { mode: 0o700 });
    return folder;
  } catch {
    return null; // it exists, or cannot be created
  }
}

const ignored = (): void => undefined;

async function once(
  { path, dialect, start, makesFolder, journal, actor, now: clock }: PolicyFileOptions,
  held: HeldFile,
  { propose, expected, actor: other = actor, mayMake = false, instead }: Order,
): Promise<CommitResult | 'again'> {
  const now = clock();
  const [found, read] = [
    await baseText(held.target, mayMake ? (start ?? null) : null, makesFolder),
    await readJournal(journal),
  ];
  if (found.type !== 'text') return found;
  if (read.type === 'failed') return read;
  const records = read.records.filter(({ file }) => file === held.target);
  const before = parsed({ text: found.text, path, dialect }, instead);
  const proposal: Proposal = 'type' in before ? { outcome: before } : propose({ ...before, records, now });
  const { outcome, undoes = null, notes = [] } = proposal;
  if (expected !== undefined && expected !== found.revision)
    return { type: 'conflict', revision: found.revision, preview: outcome };
  if ('type' in before) return before;
  if (outcome.type === 'refused') return outcome;
  if (outcome.type === 'unchanged') return { ...outcome, notes };
  const { text, policy: after, edit } = outcome;
  const fate = fateOf(proposal, found);
  const diff = diffOfFate(path, outcome, fate);
  const record: JournalRecord = {
    at: toIso(now),
    actor: other,
    file: held.target,
    before: found.revision,
    after: fate === 'removed' ? NO_FILE : revision(text),
    edit: undoes ? { type: 'undo', of: { at: undoes.at, after: undoes.after }, edit } : edit,
    diff,
    expires: firstEnd(edit),
    acknowledged: null,
  };
  const failure = await write(held, { text: fate === 'removed' ? null : text, record, journal });
  return (
    failure ?? { type: 'written', fate, text, diff, before: before.policy, after, record, undoes, notes }
  );
}

/** The parsed text. If it is invalid, `instead` provides the policy. */
function parsed(standing: PolicyText, instead: string | undefined): ValidText | EditRefused {
  const found = parsePolicy(standing);
  if (!('type' in found) || instead === undefined) return found;
  const other = parsePolicy({ ...standing, text: instead });
  return 'type' in other ? other : { ...other, text: standing.text };
}

interface Writing {
  /** Null: the file is removed. */
  readonly text: string | null;
  readonly record: JournalRecord;
  readonly journal: string;
}

/** Writes the journal before the file. A crash in between leaves a record without effect, never an edit without a record. */
async function write(held: HeldFile, { text, record, journal }: Writing): Promise<Failed | 'again' | null> {
  let isJournalled = false;
  const append = async (): Promise<Problem | null> => {
    const problem = await appendRecord(journal, record);
    isJournalled = problem === null;
    return problem;
  };
  if (record.before === record.after) {
    const problem = await append();
    return problem && { type: 'failed', problem };
  }
  const written = await replaceFile(held, {
    text,
    expectedRevision: record.before,
    beforeRename: append,
  });
  if (written.type === 'written') return null;
  if (isJournalled) await appendRecord(journal, withdrawalOf(record));
  return written.type === 'conflict' ? 'again' : written;
}

const contention = (path: string): Problem =>
  fileProblem(path, 'another program keeps writing this file', 'stop it and try again');

/** The end (ISO) of the added entry that ends first; null where none ends. */
function firstEnd(edit: PolicyEdit): string | null {
  const ends = entryChanges(edit).flatMap(({ type, until }) =>
    type === 'add' && until !== undefined ? [until] : [],
  );
  return ends.length > 0 ? toIso(Math.min(...ends)) : null;
}
