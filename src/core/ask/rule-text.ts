import { toIso } from '../time.ts';
import type { MemoryRule } from './memory-rules.ts';
import { spellHostPort } from './question-text.ts';

/** A memory rule as one line of text, not yet safe for a terminal. */
export const ruleText = ({ agent, verdict, by, until, ...to }: MemoryRule): string =>
  [
    `${verdict} ${spellHostPort(to)} for ${agent ?? 'programs without a name'}`,
    until === null ? 'as long as the mediator lives' : `until ${toIso(until)}`,
    `by ${by}`,
  ].join(', ');

/** A memory rule as JSON output holds it, with ISO times. */
export const ruleFields = ({ at, until, ...rest }: MemoryRule): object => ({
  ...rest,
  at: toIso(at),
  until: until === null ? null : toIso(until),
});
