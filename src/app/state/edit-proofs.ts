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

/** One edit, and what was observed of it, host by host. */
export interface EditProof {
  readonly saved: SavedEdit;
  /** When a mediator said that it holds this text or a later one of ours (unix ms); null while none did. */
  readonly acknowledgedAt: number | null;
  /** The hosts on which a decision followed the edit, and when (unix ms). */
  readonly confirmed: ReadonlyMap<string, number>;
  /** How far it came on the machines of a fleet; absent for the edit of a file. */
  readonly reached?: Progress;
}

/** The proof of the newest edit that a row shows. */
export interface RowProof {
  readonly type: Stage;
  /** When it became known, unix ms. */
  readonly at: number;
  readonly edit: EditProof;
}

/** News so young is coloured; older facts are quiet. */
const FRESH_MS = 15_000;

/** Whether something became known just now. */
export const isFresh = (at: number, now: number): boolean => now - at < FRESH_MS;

/** Edits that are kept, and hosts that each keeps: later ones find no room, and show what is known of the edit as a whole. */
const MOST_EDITS = 8;
const MOST_HOSTS = 2_000;

/** The edits with a new one before them. An edit that is known already stays as it is. */
export function withEdit(proofs: readonly EditProof[], saved: SavedEdit): readonly EditProof[] {
  if (proofs.some(known => known.saved.revision === saved.revision && known.saved.at === saved.at))
    return proofs;
  return [{ saved, acknowledgedAt: null, confirmed: new Map<string, number>() }, ...proofs].slice(
    0,
    MOST_EDITS,
  );
}

/** A mediator holds this revision: it took up the edit that made it, and those before. */
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
 * The edits as far as they came on the machines of a fleet. A machine that has the newest value has every edit before it, and an edit
 * keeps what was once reached.
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

/** The edits with what a decision proves of its host. The same list where it proves nothing new. */
export function provenBy(proofs: readonly EditProof[], event: EgressEvent): readonly EditProof[] {
  const { host, at } = event;
  if (host === null || at === null || !awaits(proofs, event)) return proofs;
  return proofs.map(proof =>
    isOpenFor(proof, host) && at >= proof.saved.at && confirms(proof.saved, event)
      ? { ...proof, confirmed: new Map([...proof.confirmed, [host, at]]) }
      : proof,
  );
}

/** Whether a decision on this host could still prove an edit. Cheap: it is asked of every record. */
export const awaits = (proofs: readonly EditProof[], { host, at, address }: EgressEvent): boolean =>
  host !== null &&
  at !== null &&
  proofs.some(
    proof => at >= proof.saved.at && isOpenFor(proof, host) && turns(proof.saved, { host, address }),
  );

const isOpenFor = ({ confirmed }: EditProof, host: string): boolean =>
  !confirmed.has(host) && confirmed.size < MOST_HOSTS;

/** The proof of the newest edit that changed how this attempt is ruled on; null where none did, or a later change took it back. */
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

/** The same for the newest edit that added this entry. */
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

/** Whether each edit turns the ruling on a host: asked of every row and every record, so each answer is kept. */
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
