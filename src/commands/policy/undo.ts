import { changesOf } from '../../policy-file/journal/journal-record.ts';
import { toJson } from '../../report/inert-json.ts';
import { Failure, failureOf } from '../../core/failure.ts';
import { note, Output } from '../output.ts';
import { putInForce, shownDiff } from './edit.ts';
import { describeChanges } from './log.ts';
import { withReload } from './reload-command.ts';
import { openPolicyFile } from './open-policy-file.ts';
import { policyTarget, refusal, type PolicyOptions } from './policy-target.ts';

/** Reverts the last edit on the file's present text. Exit 1 if there is nothing to undo. */
export async function policyUndo(
  options: PolicyOptions & { readonly reloadCommand?: string; readonly dryRun?: true },
): Promise<number> {
  const target = withReload(await policyTarget(options.policy, options.system), options);
  const { path } = target;
  const file = openPolicyFile(target, Date.now);
  const result = await (options.dryRun ? file.planUndo(null) : file.undo());
  switch (result.type) {
    case 'planned':
      for (const told of result.notes) note(told);
      await new Output().text(shownDiff(result.diff));
      if (result.undoes) note(`would undo: ${describeChanges(result.undoes)}`);
      return 0;
    case 'written': {
      for (const told of result.notes) note(told);
      await new Output().text(
        options.json
          ? `${toJson({ undone: result.undoes, record: result.record })}\n`
          : shownDiff(result.diff),
      );
      const undone = `undone: ${describeChanges(result.undoes ?? result.record)}`;
      return putInForce(target, `${undone}; ${result.fate === 'removed' ? 'removed' : 'saved'}`, {
        after: result.after,
        edit: changesOf(result.record),
      });
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
