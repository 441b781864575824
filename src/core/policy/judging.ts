import type { JudgeOptions } from './dialect.ts';

/** The part beside the file by which a policy is judged, in one word or two: `guarded`, `gateway`; empty where the file alone rules. */
export const judgedAs = ({ mode, matcher }: JudgeOptions): string =>
  [mode, matcher].filter(word => word !== undefined).join(' ');
