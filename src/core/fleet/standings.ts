import { shellQuoted } from '../text/shell-quoted.ts';
import type { Standing } from './policy-report.ts';

/** The states of a policy's machines relative to its newest value. */
export interface Standings {
  /** Hashes of the policy's values, oldest first. */
  readonly chain: readonly string[];
  /** By machine name. */
  readonly machines: ReadonlyMap<string, MachineStanding>;
  /** The unfinished rollout of the newest value; null without one. */
  readonly underWay?: RolloutStanding | null;
}

/** An unfinished rollout. */
export interface RolloutStanding {
  /** Its progress: `wave 1 of 3`, with `halted` where it is. */
  readonly words: string;
  readonly isHalted: boolean;
  /** The reason given for its last step, or for its halt. */
  readonly reason: string;
}

/** The state of one machine, and the detail from its report. */
export interface MachineStanding {
  readonly standing: Standing;
  readonly detail: string;
}

/** The furthest stage that any machine reached, the number of machines there, and the number of all machines. */
export interface Progress {
  readonly stage: Stage;
  readonly count: number;
  readonly of: number;
}

/** The stages of a value on a machine, in order. */
const STAGES = ['pending', 'saved', 'acknowledged', 'confirmed'] as const;

export type Stage = (typeof STAGES)[number];

/** States in which a machine will not take the value without help. */
const FAILING: ReadonlySet<Standing> = new Set([
  'rejected',
  'refused',
  'drifted',
  'behind',
  'unrelated',
  'failed',
]);

/** Whether the machine will not take the value without help. */
export const isFailing = ({ standing }: MachineStanding): boolean => FAILING.has(standing);

/** The command that helps a failing machine; null where the machine's own report says what to do. */
export function remedyFor(machine: string, { standing }: MachineStanding): string | null {
  const name = shellQuoted(machine);
  switch (standing) {
    case 'drifted':
      return `fleet policy edit --from FILE --over-drift ${name} writes over its file`;
    case 'behind':
    case 'unrelated':
      return `fleet policy edit --from FILE --rejoin ${name} goes on from what it holds`;
    case 'refused':
      return 'add the editor to the file that its --editors names';
    case 'rejected':
      return 'mend the text with fleet policy edit, or take it back with u';
    case 'failed':
    case 'waiting':
    case 'pending':
    case 'saved':
    case 'acknowledged':
    case 'confirmed':
      return null;
  }
}

/** The commands that continue or undo a rollout. */
export const rolloutRemedy = ({ isHalted }: RolloutStanding): string =>
  isHalted
    ? 'fleet policy undo (u) takes it back, fleet rollout continue --yes goes on'
    : 'fleet rollout continue begins the next wave';

const rankOf = (standing: Standing): number =>
  Math.max(
    0,
    STAGES.findIndex(stage => stage === standing),
  );

/** The progress of the newest value. */
export function progressOf({ machines }: Standings): Progress {
  const ranks = [...machines.values()].map(({ standing }) => rankOf(standing));
  const rank = ranks.reduce((most, each) => Math.max(most, each), 0);
  const count = rank === 0 ? 0 : ranks.filter(each => each >= rank).length;
  return { stage: STAGES[rank] ?? 'pending', count, of: ranks.length };
}

/** Whether one progress is at least as far as another. */
export function isAsFar(one: Progress, other: Progress): boolean {
  const [is, was] = [rankOf(one.stage), rankOf(other.stage)];
  return is > was || (is === was && one.count >= other.count);
}

/**
 * The number of machines in each state, failing ones first: `2 confirmed, 1 pending of 3 machines`. `no machine follows it` without
 * machines.
 */
export function standingWords({ machines }: Standings): string {
  if (machines.size === 0) return 'no machine has reported on this policy';
  const counts = Map.groupBy(machines.values(), ({ standing }) => standing);
  const ordered = [...counts].sort(
    ([one, [first]], [other, [second]]) =>
      Number(second !== undefined && isFailing(second)) - Number(first !== undefined && isFailing(first)) ||
      rankOf(other) - rankOf(one),
  );
  const words = ordered.map(([standing, { length }]) => `${length} ${standing}`);
  return `${words.join(', ')} of ${machines.size} ${machines.size === 1 ? 'machine' : 'machines'}`;
}
