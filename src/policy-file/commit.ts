import type { PolicyEdit } from '../core/policy/dialect.ts';
import { type Act, attempt, type CommitResult } from './attempt.ts';
import { editWithEnds } from './editing/edit-with-ends.ts';

/** Makes one edit in a policy file: reads, edits, journals and writes. What the dashboard and the command line both do. */
export const commitEdit = (act: Act & { readonly edit: PolicyEdit }): Promise<CommitResult> =>
  attempt(act, (text, records) => ({ outcome: editWithEnds(act, text, records), asRecorded: edit => edit }));
