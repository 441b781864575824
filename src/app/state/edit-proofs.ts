import type { EgressEvent } from '../../core/event.ts';
import type { Attempt, Entry, Policy } from '../../core/policy/dialect.ts';
import { entryChanges } from '../../core/policy/edit-parts.ts';
import {
  isAsFar,
  progressOf,
  type Progress,
  type Stage,
  type Standings,
} from '../../core/fleet/standings.ts';
import { confirms, type SavedEdit } from './enforcement.ts';

/** An edit with the observations that prove its effect, by host. */
export interface EditProof {
  readonly saved: SavedEdit;
  /** Unix ms at which a mediator acknowledged this text or a later one of ours; null until then. */
  readonly acknowledgedAt: number | null;
  /** The hosts on which a decision confirmed the edit, with its time in unix ms. */
  readonly confirmed: ReadonlyMap<string, number>;
  /** The progress on the machines of a fleet; absent for a file. */
  readonly reached?: Progress;
}

/** The newest edit that concerns a row, with its proof. */
export interface RowProof {
  readonly type: Stage;
  /** Unix ms of the observation. */
  readonly at: number;
  readonly edit: EditProof;
}

/** How long an observation is coloured. */
const FRESH_MS = 15_000;

/** Whether an observation is new enough to be coloured. */
export const isFresh = (at: number, now: number): boolean => now - at < FRESH_MS;

/** The most edits, and the most confirmed hosts of an edit. Hosts above the limit show the proof of the edit as a whole. */
const MOST_EDITS = 8;
const MOST_HOSTS = 2_000;

/** Adds an edit as the newest. A known edit stays unchanged. */
export function withEdit(proofs: readonly EditProof[], saved: SavedEdit): readonly EditProof[] {
  if (proofs.some(known => known.saved.revision === saved.revision && known.saved.at === saved.at))
    return proofs;
  return [{ saved, acknowledgedAt: null, confirmed: new Map<string, number>() }, ...proofs].slice(
    0,
    MOST_EDITS,
  );
}

/** Notes that a mediator acknowledged a revision, which proves the edit that made it and all earlier ones. */
export function acknowledgedUpTo(
  proofs: readonly EditProof[],
  { revision, at }: { readonly revision: string; readonly at: number },
): readonly EditProof[] {
  const index = proofs.findIndex(({ saved }) => saved.revision === revision);
  if (index === -1) return proofs;
  return proofs.map((proof, place) =>
    place >= index && proof.acknowledgedAt === null ? { ...proof, acknowledgedAt: at } : proof,
  );
}

/**
 * Notes the progress on the machines of a fleet. A machine with the newest value has every earlier edit. An edit keeps its best progress.
 */
export function reachedBy(proofs: readonly EditProof[], standings: Standings): readonly EditProof[] {
  const progress = progressOf(standings);
  return proofs.map(proof => {
    const { revision } = proof.saved;
    const isNewest = revision === standings.chain.at(-1);
    const isFurther = proof.reached === undefined || isAsFar(progress, proof.reached);
    return isNewest || (standings.chain.includes(revision) && isFurther)
      ? { ...proof, reached: progress }
      : proof;
  });
}

/** Notes what a decision proves. Returns the same array if it proves nothing new. */
export function provenBy(proofs: readonly EditProof[], event: EgressEvent): readonly EditProof[] {
  const { host, at } = event;
  if (host === null || at === null || !awaits(proofs, event)) return proofs;
  return proofs.map(proof =>
    isOpenFor(proof, host) && at >= proof.saved.at && confirms(proof.saved, event)
      ? { ...proof, confirmed: new Map([...proof.confirmed, [host, at]]) }
      : proof,
  );
}

/** Whether a decision on this host may prove an edit. It must be fast, because it runs for every record. */
export const awaits = (proofs: readonly EditProof[], { host, at, address }: EgressEvent): boolean =>
  host !== null &&
  at !== null &&
  proofs.some(
    proof => at >= proof.saved.at && isOpenFor(proof, host) && turns(proof.saved, { host, address }),
  );

const isOpenFor = ({ confirmed }: EditProof, host: string): boolean =>
  !confirmed.has(host) && confirmed.size < MOST_HOSTS;

/** The newest edit that changed the ruling on this attempt, with its proof. Null without one, and if a later edit reversed it. */
export function proofOfAttempt(
  proofs: readonly EditProof[],
  policy: Policy | null,
  attempt: Attempt,
): RowProof | null {
  const edit = proofs.find(({ saved }) => turns(saved, attempt));
  if (!edit || !policy) return null;
  const { after, judging } = edit.saved;
  const [now, then] = [policy.judge(attempt, judging), after.judge(attempt, judging)];
  if (now.verdict !== then.verdict || now.interception !== then.interception) return null;
  return known(edit, edit.confirmed.get(attempt.host ?? '') ?? null);
}

/** The newest edit that added this entry, with its proof; null without one. */
export function proofOfEntry(proofs: readonly EditProof[], { list, text }: Entry): RowProof | null {
  const edit = proofs.find(({ saved }) =>
    entryChanges(saved.edit).some(
      change => change.type === 'add' && change.list === list && change.entry === text,
    ),
  );
  if (!edit) return null;
  const { after, judging } = edit.saved;
  const host = [...edit.confirmed.keys()].find(
    found => after.judge({ host: found, address: null }, judging).entry?.text === text,
  );
  return known(edit, host === undefined ? null : (edit.confirmed.get(host) ?? null));
}

function known(edit: EditProof, confirmedAt: number | null): RowProof {
  if (edit.reached) return { type: edit.reached.stage, at: edit.saved.at, edit };
  if (confirmedAt !== null) return { type: 'confirmed', at: confirmedAt, edit };
  return edit.acknowledgedAt === null
    ? { type: 'saved', at: edit.saved.at, edit }
    : { type: 'acknowledged', at: edit.acknowledgedAt, edit };
}

/** Cache of whether an edit changes the ruling on a host, because every row and every record asks. */
const TURNED = new WeakMap<SavedEdit, Map<string, boolean>>();
const MOST_ANSWERS = 50_000;

function turns(saved: SavedEdit, attempt: Attempt): boolean {
  const { host } = attempt;
  if (host === null) return false;
  const answers = TURNED.get(saved) ?? new Map<string, boolean>();
  TURNED.set(saved, answers);
  const answer = answers.get(host);
  if (answer !== undefined) return answer;
  const { before, after, judging } = saved;
  const [was, is] = [before.judge(attempt, judging), after.judge(attempt, judging)];
  const isTurned = was.verdict !== is.verdict || was.interception !== is.interception;
  if (answers.size >= MOST_ANSWERS) answers.clear();
  answers.set(host, isTurned);
  return isTurned;
}
