import { describeProblem } from '../../core/problem.ts';
import { toJson } from '../../report/inert-json.ts';
import { undoLast } from '../../policy-file/undo.ts';
import { Failure } from '../../core/failure.ts';
import { note, Output } from '../output.ts';
import { actorOf, ownJournal } from '../places.ts';
import { shownDiff } from './edit.ts';
import { describeChanges } from './log.ts';
import { adviceOn, policyTarget, refusal, type PolicyOptions } from './policy-target.ts';

/** Takes the last edit back, on the file as it is today. Exit 1 when there is nothing to undo. */
export async function policyUndo(options: PolicyOptions): Promise<number> {
  const target = await policyTarget(options.policy, options.system);
  const { path, dialect } = target;
  const result = await undoLast({ path, dialect, journal: ownJournal(), actor: actorOf(), now: Date.now() });
  switch (result.type) {
    case 'written': {
      for (const told of result.notes) note(told);
      await new Output().text(
        options.json ? `${toJson({ undone: result.of, record: result.record })}\n` : shownDiff(result.diff),
      );
      note(`undone: ${describeChanges(result.of)}; saved ${path}; ${adviceOn(target, result.text)}`);
      return 0;
    }
    case 'nothing':
      for (const told of result.notes) note(told);
      note('nothing to undo');
      return 1;
    case 'refused':
      throw refusal(result.why, result.problems);
    case 'failed':
      throw new Failure(describeProblem(result.problem));
    case 'conflict':
      throw new Failure(`${path} keeps changing; nothing was undone`);
  }
}
