import type { Dialect, Policy, PolicyEdit } from '../../../core/policy/dialect.ts';
import { entryChanges } from '../../../core/policy/edit-parts.ts';
import { Failure } from '../../../core/failure.ts';
import type { PolicyKey } from '../../../core/fleet/policy-value.ts';
import { isUnderWay } from '../../../core/fleet/undo-target.ts';
import { plural } from '../../../core/grouped.ts';
import { effectWords, fleetEffect } from '../../../core/what-if/fleet-effect.ts';
import {
  type EditOutcome,
  editPolicy,
  parsePolicy,
  type PolicyText,
} from '../../../policy-file/editing/edit.ts';
import { replacedBy } from '../../../policy-file/editing/replaced-by.ts';
import { expiredGrants, grantsOf } from '../../../policy-file/grants.ts';
import { systemNamed } from '../../../reading/selection.ts';
import type { System } from '../../../systems/system.ts';
import { claimantOf } from '../../policy/policy-target.ts';
import type { FleetPolicyFlags, FleetSession } from './fleet-session.ts';
import type { FleetUses } from './fleet-uses.ts';
import { type KeptPolicy, keptPolicy } from './kept-policy.ts';
import { type HeardReport, machineReports, machinesOf } from './machine-reports.ts';

/** A policy of the fleet as an editor found it. */
export interface OpenPolicy {
  readonly session: FleetSession;
  readonly kept: KeptPolicy;
  /** The policy that the next value goes on from: the group's, where a machine has none of its own yet. */
  readonly base: KeptPolicy;
  readonly system: System;
  readonly dialect: Dialect;
  /** The current text; of a policy that has none yet, what such a file begins as. */
  readonly text: string;
  readonly reports: readonly HeardReport[];
}

/** Reads the policy, what it is written in, and what the machines say. */
export async function openPolicy(
  session: FleetSession,
  key: PolicyKey,
  { system: named }: Pick<FleetPolicyFlags, 'system'>,
): Promise<OpenPolicy> {
  const [kept, reports] = [
    await keptPolicy(session, key),
    await machineReports(session.connection, session.tenant),
  ];
  const group = kept.current === null && key.scope === 'machine' ? groupOf(reports, key.owner) : null;
  const base = group === null ? kept : await keptPolicy(session, { ...key, scope: 'group', owner: group });
  const standing = base.current?.value.text ?? null;
  const system = named === undefined ? await claimantOf(standing ?? '', key.name) : systemNamed(named);
  const dialect = await system.dialect();
  const text = standing ?? dialect.template?.('empty', key.name) ?? '';
  return { session, kept, base, system, dialect, text, reports };
}

const groupOf = (reports: readonly HeardReport[], machine: string): string | null =>
  reports.find(({ report }) => report.machine === machine)?.report.group ?? null;

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
export function editText(standing: PolicyText, edit: PolicyEdit, now: number): EditOutcome {
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

/** Throws a failure where a rollout of the policy is under way: an edit would end it. */
export function refuseUnderWay({ current }: Pick<KeptPolicy, 'current'>): void {
  if (!current || !isUnderWay(current)) return;
  throw new Failure('a rollout of this policy is under way; nothing was written', 1, {
    code: 'refused',
    remedy: 'go on with fleet rollout continue, or take it back with fleet policy undo',
  });
}

/** The changes that the edit would have made to the traffic that the machines of the policy counted, a sentence each. */
export function effectOn(
  { kept, reports, text, dialect }: OpenPolicy,
  after: Policy,
  { uses, machines, withoutHost }: FleetUses,
): readonly string[] {
  const standing = parsePolicy({ text, path: kept.key.name, dialect });
  if ('type' in standing) return [];
  const members = new Set(machinesOf(reports, kept.key).map(({ report }) => report.machine));
  const own = uses.filter(({ machine }) => members.has(machine));
  const words = effectWords(fleetEffect(own, { before: standing.policy, after, machines: members.size }));
  const silent = [...members].filter(member => !machines.has(member)).length;
  return [
    ...words,
    ...(words.length === 0
      ? [`changes nothing that the ${plural(members.size, 'machine')} of it counted`]
      : []),
    ...(silent > 0 ? [`${plural(silent, 'machine')} of it shipped no counters`] : []),
    ...(withoutHost > 0
      ? [`${plural(withoutHost, 'decision')} of the fleet were counted without their host`]
      : []),
  ];
}
