import { realpath } from 'node:fs/promises';
import type { Policy, PolicyEdit } from '../../core/policy/dialect.ts';
import { describeProblem } from '../../core/problem.ts';
import type { JournalLine } from '../../app/state/journal.ts';
import type { DraftLaid, EditPlanned, EditWritten } from '../../app/perform-effects.ts';
import type { Committed, CommitResult } from '../../policy-file/attempt.ts';
import { commitEdit } from '../../policy-file/commit.ts';
import { acknowledgeRevision } from '../../policy-file/journal/acknowledge.ts';
import { editPolicy } from '../../policy-file/editing/edit.ts';
import { readJournal } from '../../policy-file/journal/journal.ts';
import { changesOf, type JournalRecord } from '../../policy-file/journal/journal-record.ts';
import { describeRefusal, layEdits, type LaidEdits } from '../../policy-file/editing/lay-edits.ts';
import { readPolicy } from '../../policy-file/read.ts';
import { planUndo, undoRecord, type RecordUndone } from '../../policy-file/undo-record.ts';
import { undoLast, type UndoResult } from '../../policy-file/undo.ts';
import { actorOf, ownJournal } from '../places.ts';
import { journalLines } from '../policy/journal-lines.ts';
import type { PolicyTarget } from '../policy/policy-target.ts';

/** Edits laid on the file of this revision. */
interface Laid {
  readonly type: 'read';
  readonly revision: string;
  readonly onFile: LaidEdits;
}

/** The policy file as the dashboard acts on it. Whatever fails outside comes back as a value with its reason. */
export class PolicyPort {
  readonly #target: PolicyTarget;
  readonly #now: () => number;

  constructor(target: PolicyTarget, now: () => number) {
    this.#target = target;
    this.#now = now;
  }

  /** What the edit would make of the file as it stands on disk. Nothing is written. */
  readonly plan = async (edit: PolicyEdit, onto: readonly PolicyEdit[] = []): Promise<EditPlanned> => {
    const { path, dialect } = this.#target;
    const base = await this.#laid(onto);
    if (base.type === 'refused') return base;
    const { text, policy: before } = base.onFile;
    const outcome = editPolicy(text, path, dialect, edit);
    if (outcome.type === 'unchanged') return { type: 'refused', why: `nothing to change: ${outcome.why}` };
    if (outcome.type === 'refused') return { type: 'refused', why: describeRefusal(outcome) };
    return {
      type: 'planned',
      diff: outcome.diff,
      edit,
      revision: base.revision,
      before,
      after: outcome.policy,
      warnings: dialect.warn(before, edit),
    };
  };

  /** What the edits of a draft make of the file as it stands on disk. Nothing is written. */
  readonly lay = async (edits: readonly PolicyEdit[]): Promise<DraftLaid> => {
    const base = await this.#laid(edits);
    if (base.type === 'refused') return base;
    const { policy, whole, edits: kept, notes } = base.onFile;
    return { type: 'laid', laid: { revision: base.revision, policy, whole }, edits: kept, notes };
  };

  async #laid(
    edits: readonly PolicyEdit[],
  ): Promise<Laid | Extract<DraftLaid, { readonly type: 'refused' }>> {
    const { path, dialect } = this.#target;
    const read = await readPolicy(path, dialect);
    if (read.type === 'failed') return { type: 'refused', why: describeProblem(read.problem) };
    const onFile = layEdits(read.text, path, dialect, edits);
    return onFile.type === 'refused'
      ? { type: 'refused', why: describeRefusal(onFile) }
      : { type: 'read', revision: read.revision, onFile };
  }

  /** Writes the edit, if the file is still the one whose revision is given. */
  readonly write = async (edit: PolicyEdit, revision: string): Promise<EditWritten> => {
    const before = await this.#policy();
    const result = await commitEdit({ ...this.#act(), edit, expectedRevision: revision });
    return this.#outcome(result, before);
  };

  /** What taking back one record of the journal would make of the file as it stands on disk. Nothing is written. */
  readonly planUndo = async (of: JournalLine['name']): Promise<EditPlanned> => {
    const { path, dialect } = this.#target;
    const [read, records] = [await readPolicy(path, dialect), await this.#records()];
    if (read.type === 'failed') return { type: 'refused', why: describeProblem(read.problem) };
    const { outcome } = planUndo({ path, dialect, now: this.#now(), of }, read.text, records);
    if (outcome.type === 'refused') return { type: 'refused', why: describeRefusal(outcome) };
    if (outcome.type === 'unchanged' || read.parsed.type === 'invalid')
      return { type: 'refused', why: 'nothing to undo' };
    const { diff, edit, policy: after } = outcome;
    const { policy: before } = read.parsed;
    return {
      type: 'planned',
      diff,
      edit,
      revision: read.revision,
      before,
      after,
      warnings: dialect.warn(before, edit),
    };
  };

  /** Takes back one record, if the file is still the one whose revision is given. */
  readonly writeUndo = async (of: JournalLine['name'], revision: string): Promise<EditWritten> => {
    const before = await this.#policy();
    return this.#outcome(await undoRecord({ ...this.#act(), of, expectedRevision: revision }), before);
  };

  readonly acknowledge = async (revision: string, by: string, at: number): Promise<string | null> => {
    const { path } = this.#target;
    const problem = await acknowledgeRevision({ path, journal: ownJournal(), revision, by, at });
    return problem && `not noted in the journal: ${describeProblem(problem)}`;
  };

  readonly undo = async (): Promise<EditWritten> => {
    const before = await this.#policy();
    return this.#outcome(await undoLast(this.#act()), before);
  };

  #act(): {
    readonly path: string;
    readonly dialect: PolicyTarget['dialect'];
    readonly journal: string;
    readonly actor: string;
    readonly now: number;
  } {
    const { path, dialect } = this.#target;
    return { path, dialect, journal: ownJournal(), actor: actorOf(), now: this.#now() };
  }

  async #policy(): Promise<Policy | null> {
    const read = await readPolicy(this.#target.path, this.#target.dialect);
    return read.type === 'read' && read.parsed.type === 'valid' ? read.parsed.policy : null;
  }

  #outcome(result: CommitResult | UndoResult | RecordUndone, before: Policy | null): EditWritten {
    switch (result.type) {
      case 'written':
        return this.#written(result, before, 'notes' in result ? result.notes : []);
      case 'conflict':
        return { type: 'conflict' };
      case 'unchanged':
        return { type: 'refused', why: `nothing to change: ${result.why}` };
      case 'nothing':
        return { type: 'refused', why: ['nothing to undo', ...result.notes].join('; ') };
      case 'refused':
        return { type: 'refused', why: [result.why, ...result.problems.map(describeProblem)].join('; ') };
      case 'failed':
        return { type: 'refused', why: describeProblem(result.problem) };
    }
  }

  #written({ text, record }: Committed, before: Policy | null, notes: readonly string[]): EditWritten {
    const parsed = this.#target.dialect.parse(text, this.#target.path);
    if (parsed.type === 'invalid' || !before)
      return { type: 'refused', why: 'written, but the file does not parse any more' };
    return {
      type: 'written',
      edit: changesOf(record),
      revision: record.after,
      before,
      after: parsed.policy,
      remark: notes.length > 0 ? notes.join('; ') : null,
      advice: this.#target.system.activation.advice({ path: this.#target.path, policy: parsed.policy }),
    };
  }

  /** The newest edits of this file, newest first. */
  readonly journal = async (): Promise<readonly JournalLine[]> => {
    return journalLines(await this.#records());
  };

  async #records(): Promise<readonly JournalRecord[]> {
    const read = await readJournal(ownJournal());
    if (read.type === 'failed') return [];
    const target = await realpath(this.#target.path).catch(() => this.#target.path); // gone for a moment: its name does
    return read.records.filter(record => record.file === target);
  }
}
