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

/** `2 confirmed, 1 pending of 3 machines`: how the machines of a fleet stand to its policy. */
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

/** The rollout that is under way, and what may be done with it; no line where none is. */
export function rolloutLines({ underWay = null }: Standings, width: number): readonly Line[] {
  if (!underWay) return [];
  const { words, isHalted, reason } = underWay;
  const shown = reason.startsWith(words) ? reason : `${words}: ${reason}`;
  return wrap(`rollout: ${shown} (${rolloutRemedy(underWay)})`, width - 1).map(text =>
    line(` ${text}`, isHalted ? 'deny' : 'warn'),
  );
}

/** Machines that are named one by one. */
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

/** How it stands to the policy that is open, as it said last; of another machine, the word that came with its counters. */
export function policyCell({ name, policy }: MachineState, standings: Standings | null): Cell {
  const known = standings?.machines.get(name);
  if (!known) return { text: policy ?? '-', tone: policy === null || standings ? 'dim' : 'plain' };
  const { standing } = known;
  return {
    text: standing,
    tone: isFailing(known) ? 'deny' : standing === 'confirmed' ? 'allow' : 'warn',
  };
}
