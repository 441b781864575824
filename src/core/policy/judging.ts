import type { JudgeOptions } from './dialect.ts';

/** What beside the file a policy is judged by, in one word or two: `guarded`, `gateway`; empty where the file alone rules. */
export const judgedAs = ({ mode, matcher }: JudgeOptions): string =>
  [mode, matcher].filter(word => word !== undefined).join(' ');
