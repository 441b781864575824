import type { EntryChange, JudgeOptions, PolicyEdit } from '../../core/policy/dialect.ts';
import { entryChanges } from '../../core/policy/edit-parts.ts';
import { describeProblem } from '../../core/problem.ts';
import type { JournalLine, Undoes } from '../../app/state/journal.ts';
import type { SavedEdit } from '../../app/state/enforcement.ts';
import type { DraftAnswer, PlanAnswer, WriteAnswer, PolicyActs } from '../../app/ports.ts';
import { changesOf } from '../../policy-file/journal/journal-record.ts';
import type { CommitResult, PlannedEdit } from '../../policy-file/edit-result.ts';
import type { Acknowledgement, PolicyFile } from '../../policy-file/policy-file.ts';
import { journalLines } from '../policy/journal-lines.ts';
import { describeChanges } from '../policy/log.ts';
import { openPolicyFile } from '../policy/open-policy-file.ts';
import { adviceOn, endAdvice, type PolicyTarget } from '../policy/policy-target.ts';
import { NOTHING_TO_CHANGE, refused, type Refusal } from './refusal.ts';

/** The policy file in the dashboard's words: what the file refuses becomes one line of text. */
export class PolicyPort implements PolicyActs {
  readonly #target: PolicyTarget;
  readonly #file: PolicyFile;

  constructor(target: PolicyTarget, now: () => number) {
    this.#target = target;
    this.#file = openPolicyFile(target, now);
  }

  async plan(edit: PolicyEdit, onto: readonly PolicyEdit[] = []): Promise<PlanAnswer> {
    return this.#withEnd(plannedIn(await this.#file.plan(edit, onto), NOTHING_TO_CHANGE));
  }

  async lay(edits: readonly PolicyEdit[]): Promise<DraftAnswer> {
    const laid = await this.#file.lay(edits);
    if (laid.type !== 'laid') return refused(laid);
    const { revision, policy, whole, edits: kept, notes } = laid;
    return { type: 'laid', laid: { revision, policy, whole }, edits: kept, notes };
  }

  async write(edit: PolicyEdit, revision: string): Promise<WriteAnswer> {
    return this.#outcome(await this.#file.commit(edit, revision), NOTHING_TO_CHANGE);
  }

  async planUndo(what: Undoes): Promise<PlanAnswer> {
    return plannedIn(await this.#file.planUndo(what === 'newest' ? null : what));
  }

  async writeUndo(what: Undoes, revision: string): Promise<WriteAnswer> {
    const undoing = what === 'newest' ? this.#file.undo(revision) : this.#file.undoRecord(what, revision);
    return this.#outcome(await undoing);
  }

  async acknowledge(seen: Acknowledgement): Promise<string | null> {
    const problem = await this.#file.acknowledge(seen);
    return problem && `not noted in the journal: ${describeProblem(problem)}`;
  }

  async journal(): Promise<readonly JournalLine[]> {
    const records = await this.#file.records();
    return 'type' in records ? [] : journalLines(records);
  }

  /** The newest edit in the journal that the file has and nobody is known to have taken up. Only for a system that reads at its start. */
  async untaken(judging: JudgeOptions): Promise<SavedEdit | null> {
    if (this.#target.system.activation.type !== 'restart') return null;
    const [records, standing] = [await this.#file.records(), await this.#file.lay([])];
    if ('type' in records || standing.type !== 'laid') return null;
    const last = records.at(-1);
    if (!last || last.acknowledged !== null || last.after !== standing.revision) return null;
    const edit = changesOf(last);
    const back = await this.#file.plan(entryChanges(edit).map(inverse));
    const { policy: after, revision } = standing;
    const before = back.type === 'planned' ? back.after : after;
    const at = Date.parse(last.at);
    return { at, revision, edit, before, after, judging, advice: adviceOn(this.#target, after) };
  }

  /** A grant says that its end, too, has to be put in force. */
  #withEnd(answer: PlanAnswer): PlanAnswer {
    if (answer.type !== 'planned') return answer;
    const end = endAdvice(this.#target, answer.edit, answer.after);
    return { ...answer, remark: joined(answer.remark, end) };
  }

  #outcome(result: CommitResult, unchanged = ''): WriteAnswer {
    if (result.type === 'conflict') return { type: 'conflict' };
    if (result.type !== 'written') return refused(result, unchanged);
    const { fate, record, before, after, notes } = result;
    const edit = changesOf(record);
    return {
      type: 'written',
      fate,
      edit,
      revision: record.after,
      before,
      after,
      remark: joined(notes.length > 0 ? notes.join('; ') : null, endAdvice(this.#target, edit, after)),
      advice: adviceOn(this.#target, after),
    };
  }
}

const inverse = ({ type, list, entry }: EntryChange): EntryChange => ({
  type: type === 'add' ? 'remove' : 'add',
  list,
  entry,
});

const joined = (...remarks: readonly (string | null)[]): string | null =>
  remarks.filter(remark => remark !== null).join('; ') || null;

/** A plan in the dashboard's words. */
function plannedIn(plan: PlannedEdit | Refusal, unchanged = ''): PlanAnswer {
  if (plan.type !== 'planned') return refused(plan, unchanged);
  const { undoes, notes } = plan;
  const remark = [...(undoes ? [`takes back: ${describeChanges(undoes)} of ${undoes.at}`] : []), ...notes];
  return { ...plan, remark: remark.length > 0 ? remark.join('; ') : null };
}
