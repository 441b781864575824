import type { MachineState } from '../../../core/fleet/counters/machine-state.ts';
import {
  isFailing,
  type MachineStanding,
  progressOf,
  remedyFor,
  rolloutRemedy,
  standingWords,
  type Standings,
} from '../../../core/fleet/standings.ts';
import { wrap } from '../text/fit.ts';
import { line, span, type Line } from '../text/span.ts';
import type { Cell } from './table.ts';

/** The number of a fleet's machines in each state: `2 confirmed, 1 pending of 3 machines`. */
export function standingSpans(standings: Standings): Line {
  const { stage, count, of } = progressOf(standings);
  const isThrough = stage === 'confirmed' && count === of;
  const isFailed = [...standings.machines.values()].some(isFailing);
  const { underWay = null } = standings;
  return [
    ...(underWay ? [span(`${underWay.words}: `, underWay.isHalted ? 'deny' : 'warn')] : []),
    span(standingWords(standings), isFailed ? 'deny' : isThrough ? 'allow' : 'warn'),
  ];
}

/** The unfinished rollout with the keys or commands for it; empty without one. */
export function rolloutLines({ underWay = null }: Standings, width: number): readonly Line[] {
  if (!underWay) return [];
  const { words, isHalted, reason } = underWay;
  const shown = reason.startsWith(words) ? reason : `${words}: ${reason}`;
  return wrap(`rollout: ${shown} (${rolloutRemedy(underWay)})`, width - 1).map(text =>
    line(` ${text}`, isHalted ? 'deny' : 'warn'),
  );
}

/** The most failing machines that are named. */
const FAILING_LINES = 4;

/** The machines that do not take the newest value, and why. */
export const failingLines = ({ machines }: Standings, width: number): readonly Line[] =>
  [...machines]
    .filter(([, each]) => isFailing(each))
    .slice(0, FAILING_LINES)
    .flatMap(([name, each]) => wrap(failureOf(name, each), width - 1).map(text => line(` ${text}`, 'deny')));

function failureOf(name: string, each: MachineStanding): string {
  const { standing, detail } = each;
  const remedy = remedyFor(name, each);
  return `${name} ${standing}${detail === '' ? '' : `: ${detail}`}${remedy === null ? '' : ` (${remedy})`}`;
}

/** A machine's last report on the open policy. Without a report, the word that came with its counters. */
export function policyCell({ name, policy }: MachineState, standings: Standings | null): Cell {
  const known = standings?.machines.get(name);
  if (!known) return { text: policy ?? '-', tone: policy === null || standings ? 'dim' : 'plain' };
  const { standing } = known;
  return {
    text: standing,
    tone: isFailing(known) ? 'deny' : standing === 'confirmed' ? 'allow' : 'warn',
  };
}
