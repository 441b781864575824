import { randomBytes } from 'node:crypto';

/** Of this process alone: the ids of two runs never meet. */
const RUN = randomBytes(6).toString('hex');
let count = 0;

/** The id that all records of one attempt carry. No other attempt has it, also after a restart. */
export function nextAttemptId(): string {
  count += 1;
  return `${RUN}-${count}`;
}
