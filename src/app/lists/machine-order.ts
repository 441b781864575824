import type { MachineState } from '../../core/fleet/counters/machine-state.ts';
import { compareText } from '../../core/traffic/tally.ts';
import type { State } from '../state/state.ts';
import { textTest } from '../../core/filter.ts';

/** The names of the machines that pass the filter, in the chosen order. */
export function machineOrder({ fleet, lists, filter }: State): readonly string[] {
  const { sort, isReversed } = lists.machines;
  const tests = filter.terms.map(({ key, value, isNegated }) => {
    const matches = key === 'machine' ? textTest(value, false) : null;
    const word = value.toLowerCase();
    return ({ name }: MachineState): boolean => {
      if (key !== null && !matches) return true;
      return (matches ? matches(name) : name.toLowerCase().includes(word)) !== isNegated;
    };
  });
  const shown = (fleet?.machines ?? []).filter(machine => tests.every(test => test(machine)));
  const measure = MEASURES[sort] ?? (() => 0);
  const sorted = shown.sort(
    (one, other) => measure(other) - measure(one) || compareText(one.name, other.name),
  );
  return (isReversed ? sorted.reverse() : sorted).map(({ name }) => name);
}

const MEASURES: Readonly<Partial<Record<string, (machine: MachineState) => number>>> = {
  total: ({ counts }) => counts.total,
  deny: ({ counts }) => counts.deny,
  error: ({ counts }) => counts.error,
  last: ({ heard }) => heard,
};
