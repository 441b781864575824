import type { JudgeOptions } from './dialect.ts';

/** The options of a judgement in one or two words, such as `guarded` or `gateway`; empty without options. */
export const judgedAs = ({ mode, matcher }: JudgeOptions): string =>
  [mode, matcher].filter(word => word !== undefined).join(' ');
