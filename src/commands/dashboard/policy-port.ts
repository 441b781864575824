import type { PolicyEdit } from '../../core/policy/dialect.ts';
import { describeProblem, type Problem } from '../../core/problem.ts';
import type { JournalLine, Undoes } from '../../app/state/journal.ts';
import type { DraftAnswer, PlanAnswer, WriteAnswer, PolicyActs } from '../../app/perform-effects.ts';
import { changesOf } from '../../policy-file/journal/journal-record.ts';
import type { CommitResult, PlannedEdit } from '../../policy-file/edit-result.ts';
import type { Acknowledgement, PolicyFile } from '../../policy-file/policy-file.ts';
import { journalLines } from '../policy/journal-lines.ts';
import { describeChanges } from '../policy/log.ts';
import { openPolicyFile } from '../policy/open-policy-file.ts';
import { adviceOn, type PolicyTarget } from '../policy/policy-target.ts';

/** Stands before the reason why an edit changes nothing; the reason of an undo needs no such words. */
const NOTHING_TO_CHANGE = 'nothing to change: ';

/** The policy file in the dashboard's words: what the file refuses becomes one line of text. */
export class PolicyPort implements PolicyActs {
  readonly #target: PolicyTarget;
  readonly #file: PolicyFile;

  constructor(target: PolicyTarget, now: () => number) {
    this.#target = target;
    this.#file = openPolicyFile(target, now);
  }

  async plan(edit: PolicyEdit, onto: readonly PolicyEdit[] = []): Promise<PlanAnswer> {
    return plannedIn(await this.#file.plan(edit, onto), NOTHING_TO_CHANGE);
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

  #outcome(result: CommitResult, unchanged = ''): WriteAnswer {
    if (result.type === 'conflict') return { type: 'conflict' };
    if (result.type !== 'written') return refused(result, unchanged);
    const { fate, record, before, after, notes } = result;
    return {
      type: 'written',
      fate,
      edit: changesOf(record),
      revision: record.after,
      before,
      after,
      remark: notes.length > 0 ? notes.join('; ') : null,
      advice: adviceOn(this.#target, after),
    };
  }
}

/** A plan in the dashboard's words. */
function plannedIn(plan: PlannedEdit | Refusal, unchanged = ''): PlanAnswer {
  if (plan.type !== 'planned') return refused(plan, unchanged);
  const { undoes, notes } = plan;
  const remark = [...(undoes ? [`takes back: ${describeChanges(undoes)} of ${undoes.at}`] : []), ...notes];
  return { ...plan, remark: remark.length > 0 ? remark.join('; ') : null };
}

/** Why nothing was done. */
type Refusal =
  | { readonly type: 'unchanged'; readonly why: string; readonly notes: readonly string[] }
  | { readonly type: 'refused'; readonly why: string; readonly problems: readonly Problem[] }
  | { readonly type: 'failed'; readonly problem: Problem };

function refused(refusal: Refusal, unchanged = ''): { readonly type: 'refused'; readonly why: string } {
  switch (refusal.type) {
    case 'unchanged':
      return { type: 'refused', why: [`${unchanged}${refusal.why}`, ...refusal.notes].join('; ') };
    case 'refused':
      return {
        type: 'refused',
        why: [refusal.why, ...refusal.problems.map(describeProblem)].join('; '),
      };
    case 'failed':
      return { type: 'refused', why: describeProblem(refusal.problem) };
  }
}
