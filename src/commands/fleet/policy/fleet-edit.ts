import { failureOf, misuse } from '../../../core/failure.ts';
import { warningsOn } from '../../../core/policy/edit-parts.ts';
import { describeEdit } from '../../../core/policy/describe-edit.ts';
import { toIso } from '../../../core/time.ts';
import type { Rollout } from '../../../core/fleet/policy-value.ts';
import { describeKey } from '../../../core/fleet/judge-value.ts';
import { type EditOutcome, parsePolicy } from '../../../policy-file/editing/edit.ts';
import { readText } from '../../../policy-file/read.ts';
import { note, Output } from '../../output.ts';
import { editFor, shownDiff, untilOf } from '../../policy/edit.ts';
import { refusal } from '../../policy/policy-target.ts';
import { chosenKey } from './choose-key.ts';
import { type FleetPolicyFlags, openFleet, signerFor } from './fleet-session.ts';
import { fleetUses } from './fleet-uses.ts';
import { putValue } from './kept-policy.ts';
import { machinesOf } from './machine-reports.ts';
import { editText, effectOn, type OpenPolicy, openPolicy, refuseUnderWay, wholeText } from './open-policy.ts';

/** The flags of the verbs that edit a fleet's policy. */
export interface FleetEditFlags extends FleetPolicyFlags {
  readonly reason?: string;
  readonly for?: string;
  readonly dryRun?: true;
  readonly yes?: true;
  /** Machines whose drifted file may be replaced. */
  readonly overDrift?: readonly string[];
  /** Machines that hold a value that this server does not have. */
  readonly rejoin?: readonly string[];
}

/** Makes the next text of a policy. */
export type Change = (open: OpenPolicy) => EditOutcome | Promise<EditOutcome>;

/** `fleet policy allow|passthrough|remove`. */
export function editFleet(
  verb: 'allow' | 'passthrough' | 'remove',
  [address, entry]: readonly [address: string, entry: string],
  flags: FleetEditFlags,
): Promise<number> {
  const now = Date.now();
  const until = untilOf(flags.for, now);
  return changeFleet(address, flags, {
    change: ({ dialect, text, kept }) =>
      editText({ text, path: kept.key.name, dialect }, editFor({ dialect }, { verb, entry, until }), now),
  });
}

/** `fleet policy edit --from FILE`: the whole text. */
export async function replaceFleet(
  address: string,
  flags: FleetEditFlags & { readonly from: string },
): Promise<number> {
  const read = await readText(flags.from);
  if (read.type !== 'text') throw failureOf(read.problem, 'unreadable-policy');
  return changeFleet(address, flags, { change: open => wholeText(open, read.text) });
}

/** More facts of a value, known once its text is. */
export interface Terms {
  readonly reason?: string;
  readonly rollout?: Rollout;
  /** Whether it may end a rollout that is under way. */
  readonly mayInterrupt?: true;
  /** Whether the text may be put again as it is. */
  readonly mayRepeat?: true;
}

/** A change of a policy: its next text, and the facts that are known once the text is. */
export interface FleetChange {
  readonly change: Change;
  readonly terms?: () => Terms;
}

/** Opens the policy, shows what would change, and (not on a dry run) signs and stores it. Exit 1 where nothing was to be changed. */
export async function changeFleet(
  address: string,
  flags: FleetEditFlags,
  { change, terms = () => ({}) }: FleetChange,
): Promise<number> {
  const signer = await signerFor(flags);
  await using session = await openFleet(address, flags, signer);
  const open = await openPolicy(session, await chosenKey(session, flags), flags);
  if (open.kept.trouble !== null) note(`${describeKey(open.kept.key)}: ${open.kept.trouble}`);
  const outcome = await change(open);
  const { reason = flags.reason, rollout = null, mayInterrupt, mayRepeat } = terms();
  if (!mayInterrupt) refuseUnderWay(open.kept);
  const succeeds = rejoined(open, flags.rejoin ?? []);
  const over = driftedTexts(open, flags.overDrift ?? []);
  if (outcome.type === 'refused') throw refusal(outcome.why, outcome.problems);
  const isBare = outcome.type === 'unchanged';
  if (isBare && over.length === 0 && succeeds.length === 0 && !mayRepeat) {
    note(`nothing to change: ${outcome.why}`);
    return 1;
  }
  if (outcome.type === 'edited' && !(await mayPut(open, outcome, flags))) return 1;
  if (flags.dryRun) return 0;
  const wish = {
    text: outcome.type === 'edited' ? outcome.text : open.text,
    reason:
      reason ??
      (outcome.type === 'edited' ? describeEdit(outcome.edit).slice(0, 400) : 'the same text again'),
    at: toIso(Date.now()),
    over,
    succeeds,
    rollout,
  };
  const { id } = await putValue(session.connection, { kept: open.kept, base: open.base, signer, wish });
  const count = machinesOf(open.reports, open.kept.key).length;
  note(
    `signed and stored: ${describeKey(open.kept.key)}, ${id.slice(7, 19)}, for ${count} machines that are known; fleet policy status tells who has it`,
  );
  return 0;
}

/** Says what the edit would have changed for the traffic that the machines of the policy counted. */
async function tellEffect(
  open: OpenPolicy,
  { policy: after }: Extract<EditOutcome, { type: 'edited' }>,
): Promise<void> {
  const { link, tenant } = open.session;
  try {
    for (const each of effectOn(open, after, await fleetUses(link, tenant))) note(each);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    note(`its effect on past traffic is not known: ${error.message}`);
  }
}

/** Prints the diff and the warnings. An entry that opens an inside address wants `--yes`. */
async function mayPut(
  open: OpenPolicy,
  outcome: Extract<EditOutcome, { type: 'edited' }>,
  { yes, dryRun }: FleetEditFlags,
): Promise<boolean> {
  await new Output().text(shownDiff(outcome.diff));
  await tellEffect(open, outcome);
  const { dialect, text, kept } = open;
  const before = parsePolicy({ text, path: kept.key.name, dialect });
  const warnings = 'type' in before ? [] : warningsOn(dialect, before.policy, outcome.edit);
  for (const { entry, why, severity } of warnings)
    note(`${severity === 'danger' ? 'danger' : 'warning'}: ${entry} ${why}`);
  if (yes || dryRun || !warnings.some(({ severity, neverMatches }) => severity === 'danger' || neverMatches))
    return true;
  note('nothing was written; --yes writes it all the same');
  return false;
}

/** The revisions of the drifted files that the operator gives up, by the machines that have them. */
function driftedTexts({ reports }: OpenPolicy, machines: readonly string[]): readonly string[] {
  return machines.map(machine => {
    const { report } = reports.find(heard => heard.report.machine === machine) ?? {};
    if (report?.standing === 'drifted') return report.revision;
    throw misuse(`${machine} does not say that its file drifted`);
  });
}

/** The values that these machines hold. */
function rejoined({ reports }: OpenPolicy, machines: readonly string[]): readonly string[] {
  return machines.map(machine => {
    const { report } = reports.find(heard => heard.report.machine === machine) ?? {};
    if (report?.held) return report.held;
    throw misuse(`${machine} does not say that it holds a value`);
  });
}
