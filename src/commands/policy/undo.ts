import { toJson } from '../../report/inert-json.ts';
import { Failure, failureOf } from '../../core/failure.ts';
import { note, Output } from '../output.ts';
import { shownDiff } from './edit.ts';
import { describeChanges } from './log.ts';
import { openPolicyFile } from './open-policy-file.ts';
import { adviceOn, policyTarget, refusal, type PolicyOptions } from './policy-target.ts';

/** Takes the last edit back, on the file as it is today. Exit 1 when there is nothing to undo. */
export async function policyUndo(options: PolicyOptions): Promise<number> {
  const target = await policyTarget(options.policy, options.system);
  const { path } = target;
  const result = await openPolicyFile(target, Date.now).undo();
  switch (result.type) {
    case 'written': {
      for (const told of result.notes) note(told);
      await new Output().text(
        options.json
          ? `${toJson({ undone: result.undoes, record: result.record })}\n`
          : shownDiff(result.diff),
      );
      note(
        `undone: ${describeChanges(result.undoes ?? result.record)}; ${result.fate === 'removed' ? 'removed' : 'saved'} ${path}; ${adviceOn(target, result.after)}`,
      );
      return 0;
    }
    case 'unchanged':
      for (const told of result.notes) note(told);
      note(result.why);
      return 1;
    case 'refused':
      throw refusal(result.why, result.problems);
    case 'failed':
      throw failureOf(result.problem, 'unreadable-policy');
    case 'conflict':
      throw new Failure(`${path} keeps changing; nothing was undone`);
  }
}
