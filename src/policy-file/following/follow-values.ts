import { chooseValue, type Choice } from '../../core/fleet/choose-value.ts';
import { heldAfter } from '../../core/fleet/descent.ts';
import type { JudgedValue } from '../../core/fleet/judge-value.ts';
import type { Standing } from '../../core/fleet/policy-report.ts';
import type { VerifiedValue } from '../../core/fleet/policy-value.ts';
import { describeProblem, type Problem } from '../../core/problem.ts';
import { toIso } from '../../core/time.ts';
import type { CommitResult } from '../edit-result.ts';
import { EXPIRY_ACTOR } from '../expire.ts';
import { type FileState, NO_FILE, readText, revision as revisionOf } from '../read.ts';
import type { PolicyFile } from '../policy-file.ts';
import { type HeldPolicy, readHeldPolicy, type TakenValue, writeHeldPolicy } from './held-policy.ts';

/** A policy file that is kept at the newest value of a fleet. */
export interface FollowingFile {
  readonly file: PolicyFile;
  readonly path: string;
  /** The path of the file that remembers the taken values. */
  readonly memory: string;
  readonly machine: string;
  /** Returns unix ms. */
  readonly now: () => number;
}

/** The machine's state after it examined the newest values. */
export interface Followed {
  readonly standing: Exclude<Standing, 'acknowledged' | 'confirmed'>;
  /** The hash of the value that the state refers to; null without one. */
  readonly seen: string | null;
  /** The value in the file; null where the machine took none. */
  readonly taken: TakenValue | null;
  /** The revision of the file's present text; `none` without a file. */
  readonly revision: string;
  /** The file's present text; null where it is missing or unreadable. */
  readonly text: string | null;
  readonly detail: string;
}

/** The remembered values, and the file's text. */
interface Ground {
  readonly memory: HeldPolicy;
  readonly revision: string;
  readonly text: string | null;
}

/**
 * Takes the newest value that descends from the held one, and writes its text. It replaces the file only if its text is the one written
 * last, or one that the value may overwrite. Removing ended grants from that text does not count as a change.
 */
export async function followValues(
  following: FollowingFile,
  newest: readonly JudgedValue[],
): Promise<Followed> {
  const ground = await groundOf(following);
  if ('why' in ground) return failed(ground, null);
  const held = ground.memory.taken;
  const choice = chooseValue({ machine: following.machine, held, newest });
  if (choice.type !== 'take') return { ...(await standing(following, ground, choice)) };
  return take(following, ground, choice.value);
}

/** Reads the memory and the file. A value whose writing was interrupted counts as taken if the file has its text. */
async function groundOf(following: FollowingFile): Promise<Ground | Problem> {
  const memory = await readHeldPolicy(following.memory);
  if ('why' in memory) return memory;
  const found = await readText(following.path);
  if (found.type === 'unreadable') return found.problem;
  const { revision, text } = stateOf(found);
  const { next } = memory;
  if (next === null || next.revision !== revision) return { memory, revision, text };
  const taken: HeldPolicy = { taken: next, next: null };
  const problem = await writeHeldPolicy(following.memory, taken);
  return problem ?? { memory: taken, revision, text };
}

const stateOf = (found: FileState): { readonly revision: string; readonly text: string | null } =>
  found.type === 'text' ? found : { revision: NO_FILE, text: null };

async function standing(
  following: FollowingFile,
  { memory: { taken }, revision, text }: Ground,
  choice: Exclude<Choice, { type: 'take' }>,
): Promise<Followed> {
  const seen = 'value' in choice ? choice.value.id : null;
  const isOurs = taken === null || (await isWrittenByUs(following, taken, revision));
  const rest = { seen, taken, revision, text };
  if (!isOurs && choice.type !== 'refused') return { standing: 'drifted', ...rest, detail: DRIFTED };
  switch (choice.type) {
    case 'nothing':
      return { standing: 'pending', ...rest, detail: 'the server has no policy for this machine' };
    case 'held':
      return { standing: 'saved', ...rest, detail: '' };
    case 'waits':
      return { standing: 'waiting', ...rest, detail: 'the rollout has not reached this machine' };
    case 'behind':
      return {
        standing: 'behind',
        ...rest,
        detail: 'the server has an older policy than this machine: it was reset',
      };
    case 'unrelated':
      return {
        standing: 'unrelated',
        ...rest,
        detail: 'the policy does not continue the one that this machine has',
      };
    case 'refused':
      return { standing: 'refused', ...rest, detail: choice.why };
  }
}

const DRIFTED = 'the file was changed on this machine, and is not overwritten';

async function take(following: FollowingFile, ground: Ground, value: VerifiedValue): Promise<Followed> {
  const { memory, revision, text } = ground;
  const rest = { seen: value.id, taken: memory.taken, revision, text };
  if (!(await mayReplace(following, ground, value))) return { standing: 'drifted', ...rest, detail: DRIFTED };
  const next: TakenValue = {
    ...(heldAfter(memory.taken, [value]) ?? { id: value.id, earlier: [] }),
    revision: revisionOf(value.value.text),
    at: following.now(),
    replaced: text,
  };
  const intended = await writeHeldPolicy(following.memory, { ...memory, next });
  if (intended) return failed(intended, rest);
  const written =
    next.revision === revision
      ? null
      : await following.file.replace(value.value.text, { expected: revision, actor: actorOf(value) });
  const trouble = written && troubleIn(written);
  const problem = await writeHeldPolicy(following.memory, trouble ? memory : { taken: next, next: null });
  if (problem) return failed(problem, rest);
  return trouble
    ? { ...rest, ...trouble }
    : {
        standing: 'saved',
        ...rest,
        taken: next,
        revision: next.revision,
        text: value.value.text,
        detail: '',
      };
}

/** The author for the journal. */
const actorOf = ({ value }: VerifiedValue): string => `fleet editor ${value.author}`;

async function mayReplace(
  following: FollowingFile,
  { memory: { taken }, revision }: Ground,
  { value: { text, over } }: VerifiedValue,
): Promise<boolean> {
  if (revision === revisionOf(text) || over.includes(revision)) return true;
  return taken === null ? revision === NO_FILE : isWrittenByUs(following, taken, revision);
}

/** Whether the text is the one written last, apart from ended grants that were removed. */
async function isWrittenByUs({ file }: FollowingFile, taken: TakenValue, revision: string): Promise<boolean> {
  if (revision === taken.revision) return true;
  const records = await file.records();
  if ('type' in records) return false;
  const since = records.filter(({ at }) => at >= toIso(taken.at));
  let now = taken.revision;
  for (const { actor, before, after } of since) if (actor === EXPIRY_ACTOR && before === now) now = after;
  return revision === now;
}

const failed = (problem: Problem, rest: Omit<Followed, 'standing' | 'detail'> | null): Followed => ({
  ...(rest ?? { seen: null, taken: null, revision: NO_FILE, text: null }),
  standing: 'failed',
  detail: describeProblem(problem),
});

/** Why a text was not written; null on success, also if the file had the text already. */
function troubleIn(result: CommitResult): Pick<Followed, 'standing' | 'detail'> | null {
  switch (result.type) {
    case 'written':
    case 'unchanged':
      return null;
    case 'conflict':
      return { standing: 'drifted', detail: DRIFTED };
    case 'refused':
      return { standing: 'rejected', detail: rejectionOf(result.problems, result.why) };
    case 'failed':
      return { standing: 'failed', detail: describeProblem(result.problem) };
  }
}

/** The first problem of the text with its line and column (`12:5: …`), without the path, which is of no use on other machines. */
function rejectionOf([first]: readonly Problem[], why: string): string {
  if (!first) return why;
  const place = [first.line, first.column].filter(part => part !== null).join(':');
  return `${place === '' ? '' : `${place}: `}${first.why}`;
}
