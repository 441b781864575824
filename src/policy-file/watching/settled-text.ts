import { setTimeout as pause } from 'node:timers/promises';
import { type PolicyText, readText } from '../read-text.ts';

/** A text counts as written when it reads the same after this long. */
const SETTLE_MS = 30;
/** An empty or missing file is most likely being written: editors truncate it, or move the old one away first. */
const GAP_SETTLE_MS = 90;
/** A file that never comes to rest is reported as it is after this many looks. */
const MAX_LOOKS = 20;

/** Tells two states of a file apart: equal keys, equal content (or equal failure). */
export const stateKey = (now: PolicyText): string =>
  now.type === 'text' ? now.revision : `${now.type} ${now.problem.why}`;

/** Reads the file until it reads the same twice, so that a half-written one is waited for; at once where it has the state `known`. */
export async function settledText(path: string, known: string | null): Promise<PolicyText> {
  let now = await readText(path);
  for (let looks = 0; looks < MAX_LOOKS && stateKey(now) !== known; looks++) {
    const before = stateKey(now);
    await pause(now.type === 'text' && now.text !== '' ? SETTLE_MS : GAP_SETTLE_MS);
    now = await readText(path);
    if (stateKey(now) === before) break;
  }
  return now;
}
