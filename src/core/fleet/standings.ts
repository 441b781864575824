import { shellQuoted } from '../text/shell-quoted.ts';
import type { Standing } from './policy-report.ts';

/** How the machines of a policy stand to its newest value. */
export interface Standings {
  /** The values of the policy, oldest first; the last is the newest. */
  readonly chain: readonly string[];
  /** By the names of the machines. */
  readonly machines: ReadonlyMap<string, MachineStanding>;
  /** The rollout of the newest value that has not reached all machines; null where none is under way. */
  readonly underWay?: RolloutStanding | null;
}

/** A rollout that is under way. */
export interface RolloutStanding {
  /** `wave 1 of 3`, and whether it is halted. */
  readonly words: string;
  readonly isHalted: boolean;
  /** Why its last step was made; of a halted one, why it stopped. */
  readonly reason: string;
}

/** How one machine stands, and its own words on it. */
export interface MachineStanding {
  readonly standing: Standing;
  readonly detail: string;
}

/** How far a value came: the furthest stage that a machine reached, on how many machines it was reached, and of how many. */
export interface Progress {
  readonly stage: Stage;
  readonly count: number;
  readonly of: number;
}

/** The stages of a value on a machine, in their order. */
const STAGES = ['pending', 'saved', 'acknowledged', 'confirmed'] as const;

export type Stage = (typeof STAGES)[number];

/** Standings of a machine that does not take the value, and will not by itself. */
const FAILING: ReadonlySet<Standing> = new Set([
  'rejected',
  'refused',
  'drifted',
  'behind',
  'unrelated',
  'failed',
]);

/** Whether the machine does not take the value, and will not by itself. */
export const isFailing = ({ standing }: MachineStanding): boolean => FAILING.has(standing);

/** The way to bring a failing machine back; null where its own words tell it. */
export function remedyFor(machine: string, { standing }: MachineStanding): string | null {
  const name = shellQuoted(machine);
  switch (standing) {
    case 'drifted':
      return `fleet policy edit --from FILE --over-drift ${name} writes over its file`;
    case 'behind':
    case 'unrelated':
      return `fleet policy edit --from FILE --rejoin ${name} goes on from what it holds`;
    case 'refused':
      return 'list the editor in the file of its --editors';
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

/** The commands that move a rollout on, or take it back. */
export const rolloutRemedy = ({ isHalted }: RolloutStanding): string =>
  isHalted
    ? 'fleet policy undo (u) takes it back, fleet rollout continue --yes goes on'
    : 'fleet rollout continue begins the next wave';

const rankOf = (standing: Standing): number =>
  Math.max(
    0,
    STAGES.findIndex(stage => stage === standing),
  );

/** How far the newest value came. */
export function progressOf({ machines }: Standings): Progress {
  const ranks = [...machines.values()].map(({ standing }) => rankOf(standing));
  const rank = ranks.reduce((most, each) => Math.max(most, each), 0);
  const count = rank === 0 ? 0 : ranks.filter(each => each >= rank).length;
  return { stage: STAGES[rank] ?? 'pending', count, of: ranks.length };
}

/** Whether one progress is as far as another, or further. */
export function isAsFar(one: Progress, other: Progress): boolean {
  const [is, was] = [rankOf(one.stage), rankOf(other.stage)];
  return is > was || (is === was && one.count >= other.count);
}

/** `2 confirmed, 1 pending of 3 machines`, the failing ones first; `no machine follows it` where none does. */
export function standingWords({ machines }: Standings): string {
  if (machines.size === 0) return 'no machine said that it follows it';
  const counts = Map.groupBy(machines.values(), ({ standing }) => standing);
  const ordered = [...counts].sort(
    ([one, [first]], [other, [second]]) =>
      Number(second !== undefined && isFailing(second)) - Number(first !== undefined && isFailing(first)) ||
      rankOf(other) - rankOf(one),
  );
  const words = ordered.map(([standing, { length }]) => `${length} ${standing}`);
  return `${words.join(', ')} of ${machines.size} ${machines.size === 1 ? 'machine' : 'machines'}`;
}
