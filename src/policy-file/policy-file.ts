import type { PolicyEdit } from '../core/policy/dialect.ts';
import { warningsOn } from '../core/policy/edit-parts.ts';
import type { Problem } from '../core/problem.ts';
import { type BaseText, baseText, fileTarget, NO_FILE } from './read.ts';
import { carryOut, fateOf, type PolicyFileOptions, type Proposal } from './carry-out.ts';
import type { CommitResult, PlannedEdit, Unchanged } from './edit-result.ts';
import { diffOfFate } from './editing/diff.ts';
import {
  type EditOutcome,
  type EditRefused,
  editValid,
  editWithEnds,
  type ValidText,
} from './editing/edit.ts';
import { replacedBy } from './editing/replaced-by.ts';
import { editOf, entryDifference } from './editing/entry-difference.ts';
import { type LaidEdits, layEdits } from './editing/lay-edits.ts';
import { EXPIRY_ACTOR, proposeExpiry } from './expire.ts';
import { type Grant, grantsOf } from './grants.ts';
import { appendRecord, readJournal } from './journal/journal.ts';
import { acknowledgementOf, type JournalRecord, type RecordName } from './journal/journal-record.ts';
import { takeBackLast, takeBackRecord } from './undo.ts';
import type { Failed } from './file-problem.ts';

/** A mediator's report that it rules by this revision of the file since `at` (unix ms). */
export interface Acknowledgement {
  readonly revision: string;
  readonly by: string;
  readonly at: number;
}

/** Edits applied to the file's text, or to the text of a new file. */
type Laid = LaidEdits & Pick<BaseText, 'revision' | 'isNew'>;

/** The only access to a policy file for code that edits it. Failures of the system are returned as values. */
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
    const base = await this.#laid(onto, isAdding([...onto.flat(), ...edit]));
    if (base.type !== 'laid') return base;
    const outcome = editValid(base, edit);
    // warnings and preview cover the whole edit, even if the text already has a part of it
    const whole: EditOutcome = outcome.type === 'edited' ? { ...outcome, edit } : outcome;
    return this.#planned(onto.length === 0 ? base : { ...base, isNew: false }, { outcome: whole });
  }

  /** Plans to create the file, which must not exist. */
  async planCreation(edit: PolicyEdit): Promise<PlannedEdit | Unchanged | EditRefused | Failed> {
    const base = await this.#laid([], true);
    if (base.type !== 'laid') return base;
    if (!base.isNew) return { type: 'unchanged', why: IS_THERE, notes: [] };
    return this.#planned(base, { outcome: created(base, edit) });
  }

  /** Applies the edits of a draft to the present text, or to the text of a new file. */
  lay(edits: readonly PolicyEdit[]): Promise<Laid | EditRefused | Failed> {
    return this.#laid(edits, true);
  }

  async #laid(edits: readonly PolicyEdit[], mayMake: boolean): Promise<Laid | EditRefused | Failed> {
    const { path, dialect, start, makesFolder } = this.#file;
    const base = await baseText(path, mayMake ? (start ?? null) : null, makesFolder);
    if (base.type === 'failed') return base;
    const { text, revision, isNew } = base;
    const laid = layEdits({ text, path, dialect }, edits);
    return laid.type === 'refused' ? laid : { ...laid, revision, isNew };
  }

  /** Plans to revert a record of the journal. Null: the newest edit that still has an effect. */
  async planUndo(of: RecordName | null): Promise<PlannedEdit | Unchanged | EditRefused | Failed> {
    const base = await this.#laid([], false);
    if (base.type !== 'laid') return base;
    const records = await this.records();
    if ('type' in records) return records;
    const today = { ...base, records, now: this.#file.now() };
    return this.#planned(base, of === null ? takeBackLast(today) : takeBackRecord(today, of));
  }

  #planned(base: Laid, proposal: Proposal): PlannedEdit | Unchanged | EditRefused {
    const { outcome, undoes = null, notes = [] } = proposal;
    if (outcome.type === 'unchanged') return { ...outcome, notes };
    if (outcome.type === 'refused') return outcome;
    const { policy: before, dialect, path, revision } = base;
    const { policy: after, edit } = outcome;
    const fate = fateOf(proposal, base);
    const diff = diffOfFate(path, outcome, fate);
    return {
      type: 'planned',
      fate,
      revision,
      before,
      after,
      diff,
      edit,
      warnings: warningsOn(dialect, before, edit),
      undoes,
      notes,
    };
  }

  /**
   * Makes an edit: journals it and writes the file. An edit that adds entries creates a missing file. With `expected` it writes only if the
   * file still has this revision.
   */
  readonly commit = (edit: PolicyEdit, expected?: string): Promise<CommitResult> =>
    carryOut(this.#file, {
      propose: today => ({ outcome: editWithEnds(today, edit, today.records) }),
      expected,
      mayMake: isAdding(edit),
    });

  /** Creates the file with its initial text and this edit. An existing file is not changed. */
  async create(edit: PolicyEdit): Promise<CommitResult> {
    const made = await carryOut(this.#file, {
      propose: today => ({ outcome: created(today, edit) }),
      expected: NO_FILE,
      mayMake: true,
    });
    return made.type === 'conflict' ? { type: 'unchanged', why: IS_THERE, notes: [] } : made;
  }

  /**
   * Replaces the whole text by one from another author. It writes only if the file still has the revision `expected`; the old text may be
   * invalid.
   */
  readonly replace = (
    text: string,
    { expected, actor }: { readonly expected: string; readonly actor: string },
  ): Promise<CommitResult> =>
    carryOut(
      { ...this.#file, start: text },
      {
        propose: today => ({ outcome: replacedBy(today, text) }),
        expected,
        actor,
        mayMake: expected === NO_FILE,
        instead: text,
      },
    );

  /** Reverts the newest edit of a person that still has an effect. The next call reverts the one before. `expected` is as in `commit`. */
  readonly undo = (expected?: string): Promise<CommitResult> =>
    carryOut(this.#file, { propose: takeBackLast, expected });

  /** Reverts one record of the journal. `expected` is as in `commit`. */
  readonly undoRecord = (of: RecordName, expected?: string): Promise<CommitResult> =>
    carryOut(this.#file, { propose: today => takeBackRecord(today, of), expected });

  /** Removes every grant that has ended, whoever made it. */
  async expire(): Promise<CommitResult> {
    const grants = await this.grants();
    if ('type' in grants) return grants;
    const now = this.#file.now();
    return grants.some(({ until }) => until <= now)
      ? carryOut(this.#file, { propose: today => ({ outcome: proposeExpiry(today) }), actor: EXPIRY_ACTOR })
      : { type: 'unchanged', why: 'no grant is over', notes: [] };
  }

  /** Plans the removals that `expire` would make. */
  async planExpiry(): Promise<PlannedEdit | Unchanged | EditRefused | Failed> {
    const base = await this.#laid([], false);
    if (base.type !== 'laid') return base;
    const records = await this.records();
    if ('type' in records) return records;
    return this.#planned(base, { outcome: proposeExpiry({ ...base, records, now: this.#file.now() }) });
  }

  /** The grants in the present text. An invalid text has none. */
  async grants(): Promise<readonly Grant[] | Failed> {
    const base = await this.#laid([], false);
    if (base.type === 'failed') return base;
    const records = await this.records();
    if ('type' in records) return records;
    return base.type === 'refused' ? [] : grantsOf({ ...base, records });
  }

  /** The journal records of this file, oldest first. A removed file keeps the records under its name. */
  async records(): Promise<readonly JournalRecord[] | Failed> {
    const { path, journal } = this.#file;
    const read = await readJournal(journal);
    if (read.type === 'failed') return read;
    const target = await fileTarget(path).catch(() => path);
    return read.records.filter(({ file }) => file === target);
  }

  /**
   * Notes in the journal that a mediator rules by this revision. Does nothing if no recorded edit made the revision, or if it is noted
   * already.
   */
  async acknowledge(seen: Acknowledgement): Promise<Problem | null> {
    const records = await this.records();
    if ('type' in records) return records.problem;
    const last = records.findLast(({ after }) => after === seen.revision);
    if (!last || last.acknowledged !== null || Date.parse(last.at) > seen.at) return null;
    return appendRecord(this.#file.journal, acknowledgementOf(last, seen));
  }
}

const IS_THERE = 'the file is there already';

/** Whether an edit can create a file: it must add an entry. */
const isAdding = (edit: PolicyEdit): boolean => edit.some(({ type }) => type === 'add');

/** The initial text with the edit. All its entries are new. */
function created(before: ValidText, edit: PolicyEdit): EditOutcome {
  const begun: EditOutcome = { type: 'edited', text: before.text, diff: '', policy: before.policy, edit };
  const outcome = edit.length === 0 ? begun : editValid(before, edit);
  return outcome.type === 'edited'
    ? { ...outcome, edit: editOf(entryDifference([], outcome.policy.entries)) }
    : outcome;
}
