import { realpath } from 'node:fs/promises';
import type { Dialect, PolicyEdit } from '../core/policy/dialect.ts';
import type { Problem } from '../core/problem.ts';
import { toIso } from '../core/time.ts';
import { type EditRefused, editValid, parsePolicy, type ValidText } from './editing/edit.ts';
import { editWithEnds } from './editing/edit-with-ends.ts';
import type { Today } from './editing/inverse.ts';
import { type LaidEdits, layEdits } from './editing/lay-edits.ts';
import type { CommitResult, PlannedEdit, Unchanged } from './edit-result.ts';
import { EXPIRY_ACTOR, proposeExpiry } from './expire.ts';
import { fileProblem } from './file-problem.ts';
import { type Grant, grantsOf } from './grants.ts';
import { appendRecord, readJournal } from './journal/journal.ts';
import {
  acknowledgementOf,
  type JournalRecord,
  type RecordName,
  withdrawalOf,
} from './journal/journal-record.ts';
import { readText } from './read.ts';
import { revision } from './revision.ts';
import { type Proposal, takeBackLast, takeBackRecord } from './undo.ts';
import { type Failed, type HeldFile, holdFile } from './writing/lock.ts';
import { replaceFile } from './writing/replace-file.ts';

/** A program that ignores the lock may write between our read and our rename. The edit is then repeated, at most so often. */
const COMMIT_ATTEMPTS = 10;

/** Which file, how it is read, and who edits it. */
export interface PolicyFileOptions {
  readonly path: string;
  readonly dialect: Dialect;
  /** The journal's path. */
  readonly journal: string;
  /** `user@host`, for the journal. */
  readonly actor: string;
  /** Unix ms, for the journal and for the ends of grants. */
  readonly now: () => number;
}

/** A mediator's statement that it holds this revision of the file, at `at` (unix ms). */
export interface Acknowledgement {
  readonly revision: string;
  readonly by: string;
  readonly at: number;
}

/** The one door to a policy file for all that edits it. What fails outside comes back as a value. */
export class PolicyFile {
  readonly #file: PolicyFileOptions;

  constructor(file: PolicyFileOptions) {
    this.#file = file;
  }

  /** Plans an edit on the present text, or on the result of the edits `onto`. */
  async plan(
    edit: PolicyEdit,
    onto: readonly PolicyEdit[] = [],
  ): Promise<PlannedEdit | Unchanged | EditRefused | Failed> {
    const base = await this.lay(onto);
    if (base.type !== 'laid') return base;
    const outcome = editValid(base, edit);
    // warnings and preview are about the whole wish, also where the text already says a part of it
    return this.#planned(base, base.revision, {
      outcome: outcome.type === 'edited' ? { ...outcome, edit } : outcome,
    });
  }

  /** Lays the edits of a draft on the present text. */
  async lay(
    edits: readonly PolicyEdit[],
  ): Promise<(LaidEdits & { readonly revision: string }) | EditRefused | Failed> {
    const { path, dialect } = this.#file;
    const found = await readText(path);
    if (found.type !== 'text') return { type: 'failed', problem: found.problem };
    const laid = layEdits({ text: found.text, path, dialect }, edits);
    return laid.type === 'refused' ? laid : { ...laid, revision: found.revision };
  }

  /** Plans to take back one record of the journal. */
  async planUndo(of: RecordName): Promise<PlannedEdit | Unchanged | EditRefused | Failed> {
    const base = await this.lay([]);
    if (base.type !== 'laid') return base;
    const records = await this.records();
    if ('type' in records) return records;
    const { text, path, dialect, policy } = base;
    const today = { text, path, dialect, policy, records, now: this.#file.now() };
    return this.#planned(today, base.revision, takeBackRecord(today, of));
  }

  #planned(
    { policy: before, dialect }: ValidText,
    from: string,
    { outcome, notes = [] }: Proposal,
  ): PlannedEdit | Unchanged | EditRefused {
    if (outcome.type === 'unchanged') return { ...outcome, notes };
    if (outcome.type === 'refused') return outcome;
    const { policy: after, diff, edit } = outcome;
    const warnings = dialect.warn(before, edit);
    return { type: 'planned', revision: from, before, after, diff, edit, warnings };
  }

  /** Edits, journals and writes. With `expected`, it writes only if the file still has this revision. */
  readonly commit = (edit: PolicyEdit, expected?: string): Promise<CommitResult> =>
    this.#carryOut(today => ({ outcome: editWithEnds(today, edit, today.records) }), { expected });

  /** Takes back the newest edit of a person that still has an effect. The next call takes back the one before. */
  readonly undo = (): Promise<CommitResult> => this.#carryOut(takeBackLast);

  /** Takes back one record of the journal. With `expected`, it writes only if the file still has this revision. */
  readonly undoRecord = (of: RecordName, expected?: string): Promise<CommitResult> =>
    this.#carryOut(today => takeBackRecord(today, of), { expected });

  /** Removes every grant that is over, no matter who made it or when. */
  async expire(): Promise<CommitResult> {
    const grants = await this.grants();
    if ('type' in grants) return grants;
    const now = this.#file.now();
    return grants.some(({ until }) => until <= now)
      ? this.#carryOut(today => ({ outcome: proposeExpiry(today) }), { actor: EXPIRY_ACTOR })
      : { type: 'unchanged', why: 'no grant is over', notes: [] };
  }

  /** The grants in the present text. A text that does not parse has none that we could know of. */
  async grants(): Promise<readonly Grant[] | Failed> {
    const base = await this.lay([]);
    if (base.type === 'failed') return base;
    const records = await this.records();
    if ('type' in records) return records;
    return base.type === 'refused' ? [] : grantsOf({ ...base, records });
  }

  /** The journal's records of this file, oldest first. A file that is gone keeps those under its name. */
  async records(): Promise<readonly JournalRecord[] | Failed> {
    const { path, journal } = this.#file;
    const read = await readJournal(journal);
    if (read.type === 'failed') return read;
    const target = await realpath(path).catch(() => path);
    return read.records.filter(({ file }) => file === target);
  }

  /** Notes in the journal that a mediator holds this revision. Notes nothing where no edit of ours made it, or it was noted before. */
  async acknowledge(seen: Acknowledgement): Promise<Problem | null> {
    const records = await this.records();
    if ('type' in records) return records.problem;
    const last = records.findLast(({ after }) => after === seen.revision);
    if (!last || last.acknowledged !== null || Date.parse(last.at) > seen.at) return null;
    return appendRecord(this.#file.journal, acknowledgementOf(last, seen));
  }

  /** Carries out a proposal under one lock. Where another program interferes, it asks for a proposal on the fresh text. */
  #carryOut(
    propose: (today: Today) => Proposal,
    { expected, actor = this.#file.actor }: CommitOptions = {},
  ): Promise<CommitResult> {
    const { path } = this.#file;
    return holdFile(path, async held => {
      let result: CommitResult | 'again' = 'again';
      for (let count = 0; count < COMMIT_ATTEMPTS && result === 'again'; count++)
        result = await this.#once(held, propose, { expected, actor });
      return result === 'again' ? { type: 'failed', problem: contention(path) } : result;
    });
  }

  async #once(
    held: HeldFile,
    propose: (today: Today) => Proposal,
    { expected, actor }: CommitOptions & { readonly actor: string },
  ): Promise<CommitResult | 'again'> {
    const { path, dialect, journal } = this.#file;
    const now = this.#file.now();
    const [found, read] = [await readText(held.target), await readJournal(journal)];
    if (found.type !== 'text') return { type: 'failed', problem: found.problem };
    if (read.type === 'failed') return read;
    const records = read.records.filter(({ file }) => file === held.target);
    const before = parsePolicy({ text: found.text, path, dialect });
    const proposal: Proposal = 'type' in before ? { outcome: before } : propose({ ...before, records, now });
    const { outcome, undoes = null, notes = [] } = proposal;
    if (expected !== undefined && expected !== found.revision)
      return { type: 'conflict', revision: found.revision, preview: outcome };
    if ('type' in before) return before;
    if (outcome.type === 'refused') return outcome;
    if (outcome.type === 'unchanged') return { ...outcome, notes };
    const { text, diff, policy: after, edit } = outcome;
    const record: JournalRecord = {
      at: toIso(now),
      actor,
      file: held.target,
      before: found.revision,
      after: revision(text),
      edit: undoes ? { type: 'undo', of: { at: undoes.at, after: undoes.after }, edit } : edit,
      diff,
      expires: firstEnd(edit),
      acknowledged: null,
    };
    const failure = await this.#write(held, text, record);
    return failure ?? { type: 'written', text, diff, before: before.policy, after, record, undoes, notes };
  }

  /** Journals first: a kill in between leaves a record without effect, and never an edit without a record. */
  async #write(held: HeldFile, text: string, record: JournalRecord): Promise<Failed | 'again' | null> {
    const { journal } = this.#file;
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
}

interface CommitOptions {
  /** The revision that the operator was shown; absent: edit any text. */
  readonly expected?: string | undefined;
  readonly actor?: string;
}

const contention = (path: string): Problem =>
  fileProblem(path, 'another program keeps writing this file', 'stop it and try again');

/** When the first of the added entries ends, as ISO; null where all stay. */
function firstEnd(edit: PolicyEdit): string | null {
  const ends = edit.flatMap(({ type, until }) => (type === 'add' && until !== undefined ? [until] : []));
  return ends.length > 0 ? toIso(Math.min(...ends)) : null;
}
