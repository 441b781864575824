import { toIso } from '../time.ts';
import type { MemoryRule } from './memory-rules.ts';
import { spellHostPort } from './question-text.ts';

/** A rule in memory in words, not safe for a terminal yet. */
export const ruleText = ({ agent, verdict, by, until, ...to }: MemoryRule): string =>
  [
    `${verdict} ${spellHostPort(to)} for ${agent ?? 'programs without a name'}`,
    until === null ? 'as long as the mediator lives' : `until ${toIso(until)}`,
    `by ${by}`,
  ].join(', ');

/** A rule in memory as JSON carries it, with times in ISO. */
export const ruleFields = ({ at, until, ...rest }: MemoryRule): object => ({
  ...rest,
  at: toIso(at),
  until: until === null ? null : toIso(until),
});
