import type { Policy, PolicyEdit } from '../../core/policy/dialect.ts';
import { whyNotInForce } from '../../core/policy/take-up.ts';
import { entryChanges, warningsOn } from '../../core/policy/edit-parts.ts';
import { whyRefused } from '../../core/policy/entry-text.ts';
import { parseDuration, toIsoSeconds } from '../../core/time.ts';
import { visible } from '../../core/visible.ts';
import { changesOf } from '../../policy-file/journal/journal-record.ts';
import { expiredGrants } from '../../policy-file/grants.ts';
import { Failure, failureOf, misuse } from '../../core/failure.ts';
import { note, Output } from '../output.ts';
import { describeChanges } from './log.ts';
import { openPolicyFile } from './open-policy-file.ts';
import { withReload } from './reload-command.ts';
import {
  adviceOn,
  endAdvice,
  policyTarget,
  refusal,
  type PolicyOptions,
  type PolicyTarget,
} from './policy-target.ts';

export interface EditOptions extends PolicyOptions {
  readonly for?: string;
  readonly dryRun?: true;
  readonly yes?: true;
  /** Whether to omit the diff. */
  readonly isQuiet?: true;
  readonly reloadCommand?: string;
}

/** Edits a policy from the command line. Prints the diff, and the step that puts it in force. */
export async function editEntry(
  verb: 'allow' | 'passthrough' | 'remove',
  entry: string,
  options: EditOptions,
): Promise<number> {
  const target = withReload(await policyTarget(options.policy, options.system), options);
  const now = Date.now();
  const edit = editFor(target, { verb, entry, until: untilOf(options.for, now) });
  return carryOut(target, edit, { ...options, now });
}

/** Prints the warnings, then the diff of what was written (or with a dry run would be). */
export async function carryOut(
  target: PolicyTarget,
  edit: PolicyEdit,
  options: Pick<EditOptions, 'dryRun' | 'yes' | 'isQuiet'> & { readonly now: number },
): Promise<number> {
  if (!(await mayWrite(target, edit, options))) return 1;
  return options.dryRun ? dryRun(target, edit, options.now) : write(target, edit, options);
}

/** The end of a grant with this duration, in unix ms on a whole second; undefined without a duration. An invalid one is wrong usage. */
export function untilOf(duration: string | undefined, now: number): number | undefined {
  if (duration === undefined) return undefined;
  const lasting = parseDuration(duration);
  if (lasting === null || lasting <= 0) throw misuse(`--for wants a duration as 10m or 1h: ${duration}`);
  if (now + lasting > LAST_END) throw misuse(`--for ends beyond the year 9999: ${duration}`);
  return Math.ceil((now + lasting) / 1_000) * 1_000;
}

/** The latest end of a grant, which is written with a year of four digits. */
const LAST_END = Date.UTC(9999, 11, 31);

interface WishedEntry {
  readonly verb: 'allow' | 'passthrough' | 'remove';
  readonly entry: string;
  readonly until: number | undefined;
}

/** The edit for a verb and an entry. */
export function editFor(
  { dialect }: Pick<PolicyTarget, 'dialect'>,
  { verb, entry, until }: WishedEntry,
): PolicyEdit {
  if (verb === 'remove') return dialect.lists.map(list => ({ type: 'remove', list, entry }));
  return [{ type: 'add', list: verb, entry, ...(until === undefined ? {} : { until }) }];
}

/**
 * Prints the warnings. Returns whether the edit may be written. An entry that opens a private or metadata address, or that no host can
 * match, needs `--yes`.
 */
async function mayWrite(
  target: PolicyTarget,
  edit: PolicyEdit,
  { yes, dryRun }: Pick<EditOptions, 'yes' | 'dryRun'>,
): Promise<boolean> {
  const standing = await openPolicyFile(target, Date.now).lay([]);
  if (standing.type === 'failed') throw failureOf(standing.problem, 'unreadable-policy');
  if (standing.type === 'refused')
    throw refusal('the file does not parse; nothing was written', standing.problems, 'invalid-policy');
  const forbidden = entryChanges(edit)
    .map(({ type, entry }) => (type === 'add' ? whyRefused(entry) : null))
    .find(Boolean);
  if (forbidden) throw new Failure(`nothing was written: ${forbidden}`);
  const warnings = warningsOn(target.dialect, standing.policy, edit);
  for (const { entry, why, severity } of warnings)
    note(`${severity === 'danger' ? 'danger' : 'warning'}: ${entry} ${why}`);
  if (yes || dryRun || !warnings.some(({ severity, neverMatches }) => severity === 'danger' || neverMatches))
    return true;
  note('nothing was written; --yes writes it all the same');
  return false;
}

async function dryRun(target: PolicyTarget, edit: PolicyEdit, now: number): Promise<number> {
  const file = openPolicyFile(target, () => now);
  const grants = await file.grants();
  for (const { list, entry, until } of 'type' in grants ? [] : expiredGrants(grants, now))
    note(
      `a grant is over, and writing removes it first from ${target.path}: ${entry} in ${list}, until ${toIsoSeconds(until)}`,
    );
  const expiry = await file.planExpiry();
  const ended = expiry.type === 'planned' ? expiry : null;
  const planned = await file.plan(edit, ended ? [ended.edit] : []);
  switch (planned.type) {
    case 'planned':
      await new Output().text(`${ended ? shownDiff(ended.diff) : ''}${shownDiff(planned.diff)}`);
      if (planned.fate === 'made') note(`${target.path} is not there yet: this would create it`);
      if (target.takeUp !== undefined) note(`would then run: ${visible(target.takeUp.shown)}`);
      return 0;
    case 'unchanged':
      return unchanged(planned.why, edit);
    case 'refused':
      throw refusal(planned.why, planned.problems);
    case 'failed':
      throw failureOf(planned.problem, 'unreadable-policy');
  }
}

async function write(
  target: PolicyTarget,
  edit: PolicyEdit,
  { now, isQuiet }: { readonly now: number; readonly isQuiet?: true },
): Promise<number> {
  const file = openPolicyFile(target, () => now);
  const expired = await file.expire();
  if (expired.type === 'written') {
    note(`a grant is over and was removed from ${target.path}: ${describeChanges(expired.record)}`);
    if (!isQuiet) await new Output().text(shownDiff(expired.diff));
  }
  if (expired.type === 'refused')
    note(`a grant is over but could not be removed from ${target.path}: ${expired.why}`);
  const result = await file.commit(edit);
  switch (result.type) {
    case 'written':
      if (!isQuiet) await new Output().text(shownDiff(result.diff));
      return putInForce(target, result.fate === 'made' ? 'created' : 'saved', {
        after: result.after,
        edit: changesOf(result.record),
      });
    case 'unchanged':
      return unchanged(result.why, edit);
    case 'refused':
      throw refusal(result.why, result.problems);
    case 'failed':
      throw failureOf(result.problem, 'unreadable-policy');
    case 'conflict':
      throw new Failure(`${target.path} keeps changing; nothing was written`);
  }
}

/** Reports the write, and runs the operator's command or prints the next step. Exit 1 if the command fails. */
export async function putInForce(
  target: PolicyTarget,
  done: string,
  { after, edit = [] }: { readonly after: Policy; readonly edit?: PolicyEdit },
): Promise<number> {
  const { path, takeUp } = target;
  if (takeUp === undefined) {
    note(`${done} ${path}; ${adviceOn(target, after)}`);
    const end = endAdvice(target, edit, after);
    if (end !== null) note(end);
    return 0;
  }
  const end = await takeUp.run(edit);
  note(`${done} ${path}; ${end.type === 'ended' ? end.said : whyNotInForce(takeUp, end)}`);
  return end.type === 'ended' ? 0 : 1;
}

/** Reports that nothing changed. Exit 0 if the entry to add exists, 1 if there is nothing to remove. */
function unchanged(why: string, edit: PolicyEdit): number {
  note(`nothing to change: ${why}`);
  return edit.some(({ type }) => type !== 'remove') ? 0 : 1;
}

/** A diff for printing: each line safe for a terminal, with a line break at the end. */
export const shownDiff = (diff: string): string =>
  diff.replace(/\n$/, '').split('\n').map(visible).join('\n') + '\n';
