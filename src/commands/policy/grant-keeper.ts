import { describeProblem } from '../../core/problem.ts';
import type { CommitResult } from '../../policy-file/edit-result.ts';
import { expiredGrants, nextExpiry } from '../../policy-file/grants.ts';
import type { PolicyFile } from '../../policy-file/policy-file.ts';
import type { PolicyEdit } from '../../core/policy/dialect.ts';
import { whyNotInForce } from '../../core/policy/take-up.ts';
import { changesOf } from '../../policy-file/journal/journal-record.ts';
import { openPolicyFile } from './open-policy-file.ts';
import { stepAfter, type PolicyTarget } from './policy-target.ts';

/** The longest delay of Node's timers, which count in 31 bits. A longer wait is split. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/** Removes ended grants. */
export interface GrantKeeper {
  /** Checks the file again, because it changed. */
  readonly look: () => void;
  readonly stop: () => void;
}

/** Removes the ended grants of a policy file, also those left by a crash, and wakes at the end of the next. */
export function keepGrants(
  target: PolicyTarget,
  now: () => number,
  onTold: (text: string) => void,
): GrantKeeper {
  /** The last reported trouble. Retries happen every second, but the same trouble is reported once. */
  let trouble: string | null = null;
  return wakeForEnds(target, now, async file => {
    const expired = await file.expire();
    if (expired.type === 'written') {
      const step = stepAfter(target, expired.after);
      const told = `a grant is over and was removed from ${target.shownPath}: ${removedLines(expired.diff)}`;
      onTold(step === null ? told : `${step}, for ${told}`);
      await takeUp(target, changesOf(expired.record), onTold);
    }
    const why = troubleIn(expired, target.shownPath);
    if (why !== null && why !== trouble) onTold(why);
    trouble = why;
    return why === null ? null : now() + RETRY_MS;
  });
}

/** Only reports ended grants, because this program must not write the file for this reason. */
export function tellGrants(
  target: PolicyTarget,
  now: () => number,
  { why, onTold }: { readonly why: string; readonly onTold: (text: string) => void },
): GrantKeeper {
  let told = '';
  return wakeForEnds(target, now, async file => {
    const grants = await file.grants();
    const over = 'type' in grants ? [] : expiredGrants(grants, now());
    const names = over.map(({ list, entry }) => `${list} ${entry}`).join(', ');
    if (names !== '' && names !== told)
      onTold(`a grant is over and stays in ${target.shownPath} (${why}): ${names}`);
    told = names;
    return null;
  });
}

/** The time until a failed removal is tried again, in ms. */
const RETRY_MS = 1_000;

/** Calls `act` now, and whenever the next grant ends. `act` may return an earlier time (unix ms) for its next call. */
function wakeForEnds(
  target: PolicyTarget,
  now: () => number,
  act: (file: PolicyFile) => Promise<number | null>,
): GrantKeeper {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const file = openPolicyFile(target, now);
  const look = async (): Promise<void> => {
    clearTimeout(timer);
    const again = await act(file);
    const grants = await file.grants();
    const end = 'type' in grants ? null : nextExpiry(grants.filter(({ until }) => until > now()));
    const next = again ?? end;
    if (isStopped || next === null) return;
    clearTimeout(timer);
    timer = setTimeout(() => void look(), Math.min(Math.max(next - now(), RETRY_MS), LONGEST_WAIT_MS));
  };
  return {
    look: () => void look(),
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

/** Makes the policy's reader load the file, because a removal takes effect only then. */
async function takeUp(
  { takeUp: way }: PolicyTarget,
  edit: PolicyEdit,
  onTold: (text: string) => void,
): Promise<void> {
  const end = await way?.run(edit);
  if (way && end && end.type !== 'ended') onTold(whyNotInForce(way, end));
}

const removedLines = (diff: string): string =>
  diff
    .split('\n')
    .filter(line => /^-(?!--)/.test(line))
    .map(line => line.slice(1).trim())
    .join(', ');

/** Why ended grants may still be in the file; null if none are. */
function troubleIn(expired: CommitResult, path: string): string | null {
  if (expired.type === 'failed')
    return `a grant may be over but could not be removed: ${describeProblem(expired.problem)}`;
  return expired.type === 'refused'
    ? `a grant is over but could not be removed from ${path}: ${expired.why}`
    : null;
}
