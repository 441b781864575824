import { Failure, failureOf, misuse } from '../../../core/failure.ts';
import { entryChanges, warningsOn } from '../../../core/policy/edit-parts.ts';
import { describeEdit } from '../../../core/policy/describe-edit.ts';
import type { Dialect, PolicyEdit } from '../../../core/policy/dialect.ts';
import { toIso } from '../../../core/time.ts';
import type { Rollout } from '../../../core/fleet/policy-value.ts';
import { isUnderWay } from '../../../core/fleet/undo-target.ts';
import { describeKey } from '../../../core/fleet/judge-value.ts';
import { type EditOutcome, editPolicy, parsePolicy } from '../../../policy-file/editing/edit.ts';
import { replacedBy } from '../../../policy-file/editing/replaced-by.ts';
import { expiredGrants, grantsOf } from '../../../policy-file/grants.ts';
import { readText } from '../../../policy-file/read.ts';
import { plural } from '../../../core/grouped.ts';
import { effectWords, fleetEffect } from '../../../core/what-if/fleet-effect.ts';
import { note, Output } from '../../output.ts';
import { editFor, shownDiff, untilOf } from '../../policy/edit.ts';
import { claimantOf, refusal } from '../../policy/policy-target.ts';
import { systemNamed } from '../../../reading/selection.ts';
import type { Signer } from './cryptography.ts';
import { type FleetPolicyFlags, type FleetSession, keyOf, openFleet, signerFor } from './fleet-session.ts';
import { fleetUses } from './fleet-uses.ts';
import { type KeptPolicy, keptPolicy, putValue } from './kept-policy.ts';
import { type HeardReport, machineReports, machinesOf } from './machine-reports.ts';

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

/** A policy of the fleet as an editor found it. */
export interface OpenPolicy {
  readonly session: FleetSession;
  readonly signer: Signer;
  readonly kept: KeptPolicy;
  /** The policy that the next value goes on from: the group's, where a machine has none of its own yet. */
  readonly base: KeptPolicy;
  readonly dialect: Dialect;
  /** The current text; of a policy that has none yet, what such a file begins as. */
  readonly text: string;
  readonly reports: readonly HeardReport[];
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
      onText({ text, path: kept.key.name, dialect }, editFor({ dialect }, { verb, entry, until }), now),
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

/** The step to a whole other text; of a text that does not parse, to what the other has. */
export function wholeText({ text, kept, dialect }: OpenPolicy, next: string): EditOutcome {
  const standing = { path: kept.key.name, dialect };
  const after = parsePolicy({ ...standing, text: next });
  if ('type' in after) return { ...after, why: 'the new text does not parse' };
  if (text === next && kept.current) return { type: 'unchanged', why: 'the policy has this text already' };
  const before = parsePolicy({ ...standing, text });
  return replacedBy('type' in before ? { ...after, text } : before, next);
}

/** The edit on the text, without the grants of it that are over. */
function onText(
  standing: { readonly text: string; readonly path: string; readonly dialect: Dialect },
  edit: PolicyEdit,
  now: number,
): EditOutcome {
  const before = parsePolicy(standing);
  if ('type' in before) return before;
  const over = standing.dialect.showsEnds(standing.path)
    ? expiredGrants(grantsOf({ ...before, records: [] }), now)
    : [];
  const isWished = (entry: string): boolean => entryChanges(edit).some(change => change.entry === entry);
  const ended = over.filter(({ entry }) => !isWished(entry));
  return editPolicy(standing, [
    ...ended.map(({ list, entry }) => ({ type: 'remove' as const, list, entry })),
    ...edit,
  ]);
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
  const open = await openPolicy(session, signer, flags);
  const outcome = await change(open);
  const { reason = flags.reason, rollout = null, mayInterrupt, mayRepeat } = terms();
  if (open.kept.current && isUnderWay(open.kept.current) && !mayInterrupt)
    throw new Failure('a rollout of this policy is under way; nothing was written', 1, {
      code: 'refused',
      remedy: 'go on with fleet rollout continue, or take it back with fleet policy undo',
    });
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

/** Reads the policy, what it is written in, and what the machines say. */
async function openPolicy(
  session: FleetSession,
  signer: Signer,
  flags: FleetPolicyFlags,
): Promise<OpenPolicy> {
  const key = keyOf(session.tenant, flags);
  const [kept, reports] = [
    await keptPolicy(session, key),
    await machineReports(session.connection, session.tenant),
  ];
  if (kept.trouble !== null) note(`${describeKey(key)}: ${kept.trouble}`);
  const group = kept.current === null && key.scope === 'machine' ? groupOf(reports, key.owner) : null;
  const base = group === null ? kept : await keptPolicy(session, { ...key, scope: 'group', owner: group });
  const standing = base.current?.value.text ?? null;
  const system =
    flags.system === undefined ? await claimantOf(standing ?? '', key.name) : systemNamed(flags.system);
  const dialect = await system.dialect();
  const text = standing ?? dialect.template?.('empty', key.name) ?? '';
  return { session, signer, kept, base, dialect, text, reports };
}

const groupOf = (reports: readonly HeardReport[], machine: string): string | null =>
  reports.find(({ report }) => report.machine === machine)?.report.group ?? null;

/** Says what the edit would have changed for the traffic that the machines of the policy counted. */
async function tellEffect(
  { session, kept, reports, text, dialect }: OpenPolicy,
  { policy: after }: Extract<EditOutcome, { type: 'edited' }>,
): Promise<void> {
  const standing = parsePolicy({ text, path: kept.key.name, dialect });
  if ('type' in standing) return;
  const members = new Set(machinesOf(reports, kept.key).map(({ report }) => report.machine));
  try {
    const { uses, machines, withoutHost } = await fleetUses(session.link, session.tenant);
    const own = uses.filter(({ machine }) => members.has(machine));
    const words = effectWords(fleetEffect(own, { before: standing.policy, after, machines: members.size }));
    for (const each of words) note(each);
    const silent = [...members].filter(member => !machines.has(member)).length;
    if (words.length === 0) note(`changes nothing that the ${plural(members.size, 'machine')} of it counted`);
    if (silent > 0) note(`${plural(silent, 'machine')} of it shipped no counters`);
    if (withoutHost > 0)
      note(`${plural(withoutHost, 'decision')} of the fleet were counted without their host`);
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
