import type { Dialect, JudgeOptions, Policy, Ruling } from '../policy/dialect.ts';
import type { DenialKind } from '../traffic/denials.ts';
import { attemptOf } from './attempt-of.ts';
import type { HostRow } from '../traffic/host-row.ts';
import type { Traffic } from '../traffic/traffic.ts';
import { each, type Work } from '../work.ts';

/**
 * How two rulings on the same attempt differ. `freed`: only the first denies. `refused`: only the second denies. `otherwise`: any other
 * difference.
 */
export type Shift = 'freed' | 'refused' | 'otherwise';

/** The difference of two rulings in verdict and TLS treatment; null without one. The entry may differ. */
export function shiftBetween(before: Ruling, after: Ruling): Shift | null {
  if (before.verdict === after.verdict)
    return before.interception === after.interception ? null : 'otherwise';
  if (before.verdict === 'deny') return 'freed';
  return after.verdict === 'deny' ? 'refused' : 'otherwise';
}

/** Past decisions for one agent or tool that a second policy would reverse. */
export interface ShiftedDecisions {
  readonly freed: number;
  readonly refused: number;
}

/** The difference that a second policy would make for the hosts so far. */
export interface PolicyShift {
  readonly freed: { readonly hosts: number; readonly denials: number };
  readonly refused: { readonly hosts: number; readonly passed: number };
  readonly otherwise: number;
  /** By name; agents without a difference are omitted. */
  readonly agents: ReadonlyMap<string, ShiftedDecisions>;
  readonly tools: ReadonlyMap<string, ShiftedDecisions>;
  /** Folded hosts, whose difference is unknown. */
  readonly unknownHosts: number;
}

/** Two policies, and the options for judging the traffic. */
export interface PolicyShiftQuestion {
  readonly before: Policy;
  readonly after: Policy;
  /** Whether the first policy made a denial. A second policy would not reverse the denials of a cap or of another system. */
  readonly isOwnDenial: Dialect['isOwnDenial'];
  readonly options?: JudgeOptions;
}

/** The denials of a host by the policy itself, not by a cap, a protocol rule or another product. */
export const ownDenials = (
  row: HostRow,
  { isOwnDenial }: Pick<Dialect, 'isOwnDenial'>,
): readonly DenialKind[] =>
  (row.denied?.kinds ?? []).filter(({ system, reason }) => isOwnDenial(system, reason));

/** The rulings of both policies on one host, and their difference. */
function hostShift(
  row: Pick<HostRow, 'name' | 'address'>,
  { before, after, options }: Pick<PolicyShiftQuestion, 'before' | 'after' | 'options'>,
): Shift | null {
  const attempt = attemptOf(row);
  return shiftBetween(before.judge(attempt, options), after.judge(attempt, options));
}

/** Judges each host under both policies. Events that arrive meanwhile may or may not be counted. */
export function* policyShift({ hosts, evicted }: Traffic, question: PolicyShiftQuestion): Work<PolicyShift> {
  const sum = { freed: { hosts: 0, denials: 0 }, refused: { hosts: 0, passed: 0 }, otherwise: 0 };
  const [agents, tools] = [new ShiftCounts(), new ShiftCounts()];
  const weigh = (row: HostRow): void => {
    const shift = hostShift(row, question);
    if (shift === 'otherwise') sum.otherwise += 1;
    if (shift === 'freed') {
      sum.freed.hosts += 1;
      for (const kind of ownDenials(row, question)) {
        sum.freed.denials += kind.count;
        agents.add('freed', kind.agents.entries());
        tools.add('freed', kind.tools.entries());
      }
    }
    if (shift === 'refused') {
      sum.refused.hosts += 1;
      sum.refused.passed += row.counts.total - row.counts.deny;
      agents.add('refused', passed(row, 'agents'));
      tools.add('refused', passed(row, 'tools'));
    }
  };
  yield* each(hosts.values(), hosts.size, weigh);
  return { ...sum, agents: agents.counts, tools: tools.counts, unknownHosts: evicted.hosts };
}

/** The decisions on a host by name, without its denials. */
function* passed(row: HostRow, by: 'agents' | 'tools'): Generator<readonly [string, number]> {
  const denied = new Map(row.denied?.[by].entries());
  for (const [name, count] of row[by].entries()) yield [name, count - (denied.get(name) ?? 0)];
}

class ShiftCounts {
  readonly counts = new Map<string, { freed: number; refused: number }>();

  add(shift: 'freed' | 'refused', counts: Iterable<readonly [string, number]>): void {
    for (const [name, count] of counts) {
      if (count === 0) continue;
      let turned = this.counts.get(name);
      if (!turned) this.counts.set(name, (turned = { freed: 0, refused: 0 }));
      turned[shift] += count;
    }
  }
}
