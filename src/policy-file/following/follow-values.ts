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

/** A policy file that follows the values of a fleet. */
export interface FollowingFile {
  readonly file: PolicyFile;
  readonly path: string;
  /** Where the machine remembers what it took. */
  readonly memory: string;
  readonly machine: string;
  /** Unix ms. */
  readonly now: () => number;
}

/** How the machine stands after it looked at the newest values. */
export interface Followed {
  readonly standing: Exclude<Standing, 'acknowledged' | 'confirmed'>;
  /** The hash of the value that it is about; null where there is none. */
  readonly seen: string | null;
  /** The value that the file holds; null where it took none. */
  readonly taken: TakenValue | null;
  /** Of the file's text now, or `none`. */
  readonly revision: string;
  /** The file's text now; null where it could not be read, or is not there. */
  readonly text: string | null;
  readonly detail: string;
}

/** The remembered value, and the text of the file. */
interface Ground {
  readonly memory: HeldPolicy;
  readonly revision: string;
  readonly text: string | null;
}

/**
 * Takes the newest value that descends from what the machine holds, and writes its text. The file is only replaced while it has the
 * text that was written last, or one that the value may replace. Grants that were over and removed count as that text.
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

/** Reads the file and the memory. A value that was written when the program ended in between counts as taken. */
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
      return { standing: 'pending', ...rest, detail: 'there is no value for this machine' };
    case 'held':
      return { standing: 'saved', ...rest, detail: '' };
    case 'waits':
      return { standing: 'waiting', ...rest, detail: 'the rollout has not reached this machine' };
    case 'behind':
      return {
        standing: 'behind',
        ...rest,
        detail: 'the server holds less than this machine: it was put back',
      };
    case 'unrelated':
      return {
        standing: 'unrelated',
        ...rest,
        detail: 'the value does not lead back to what this machine holds',
      };
    case 'refused':
      return { standing: 'refused', ...rest, detail: choice.why };
  }
}

const DRIFTED = 'the file is not what was written last, and is not overwritten';

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

/** The author that the journal names. */
const actorOf = ({ value }: VerifiedValue): string => `fleet editor ${value.author}`;

async function mayReplace(
  following: FollowingFile,
  { memory: { taken }, revision }: Ground,
  { value: { text, over } }: VerifiedValue,
): Promise<boolean> {
  if (revision === revisionOf(text) || over.includes(revision)) return true;
  return taken === null ? revision === NO_FILE : isWrittenByUs(following, taken, revision);
}

/** Whether the text is what was written last, also without the grants of it that are over. */
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

/** Why a text was not written; null where it was, or stood there already. */
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

/** `12:5: …`: the first problem of the text; a machine's paths are its own affair. */
function rejectionOf([first]: readonly Problem[], why: string): string {
  if (!first) return why;
  const place = [first.line, first.column].filter(part => part !== null).join(':');
  return `${place === '' ? '' : `${place}: `}${first.why}`;
}
