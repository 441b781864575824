import type { JudgeOptions, Policy, PolicyEdit } from '../../core/policy/dialect.ts';
import { isDecision, type EgressEvent } from '../../core/event.ts';

/**
 * The observed state of the last edit, never more. `saved`: the file has it. `acknowledged`: the mediator said that it loaded
 * the policy. `confirmed`: a later decision followed the new policy where the old one ruled otherwise.
 */
export type Enforcement =
  | { readonly type: 'none' }
  | (SavedEdit & { readonly type: 'saved' })
  | (SavedEdit & { readonly type: 'acknowledged'; readonly acknowledgedAt: number; readonly by: string })
  | (SavedEdit & { readonly type: 'confirmed'; readonly confirmedAt: number; readonly host: string });

/** An edit that was written. */
export interface SavedEdit {
  /** Unix ms of the write. */
  readonly at: number;
  readonly revision: string;
  readonly edit: PolicyEdit;
  readonly before: Policy;
  readonly after: Policy;
  /** How both are judged. */
  readonly judging: JudgeOptions;
  /** The step that the system needs before it follows the file. */
  readonly advice: string;
}

/** How a system says that it took up a policy; null where it says nothing. */
export type Acknowledges = (
  event: EgressEvent,
  policy: { readonly allow: readonly string[]; readonly revision: string },
) => boolean;

/** The proof that a record seen after the edit gives of it. Records dated before the edit prove nothing. */
export function observe(
  enforcement: Enforcement,
  event: EgressEvent,
  acknowledges: Acknowledges | null,
): Enforcement {
  if (enforcement.type === 'none' || enforcement.type === 'confirmed') return enforcement;
  if (event.at === null || event.at < enforcement.at) return enforcement;
  if (confirms(enforcement, event))
    return { ...saved(enforcement), type: 'confirmed', confirmedAt: event.at, host: event.host ?? '' };
  if (enforcement.type === 'saved' && acknowledges && tookUp(enforcement, event, acknowledges)) {
    return {
      ...saved(enforcement),
      type: 'acknowledged',
      acknowledgedAt: event.at,
      by: event.agent ?? event.system,
    };
  }
  return enforcement;
}

/** A mediator said itself which revision it took up. */
export function acknowledge(
  enforcement: Enforcement,
  said: { readonly revision: string; readonly by: string; readonly at: number },
): Enforcement {
  if (enforcement.type !== 'saved' || enforcement.revision !== said.revision) return enforcement;
  return { ...saved(enforcement), type: 'acknowledged', acknowledgedAt: said.at, by: said.by };
}

/** An edit that could not be put in force stays saved, and the reason is its advice. */
export const takeUpFailed = (enforcement: Enforcement, revision: string, advice: string): Enforcement =>
  enforcement.type === 'saved' && enforcement.revision === revision
    ? { ...enforcement, advice }
    : enforcement;

/** A record that fits the old policy as well, because it has the same allow list and no revision, proves nothing. */
const tookUp = (
  { before, after, revision }: SavedEdit,
  event: EgressEvent,
  acknowledges: Acknowledges,
): boolean =>
  acknowledges(event, { allow: allowed(after), revision }) &&
  !acknowledges(event, { allow: allowed(before), revision: '' });

const allowed = (policy: Policy): readonly string[] =>
  policy.entries.filter(entry => entry.list === 'allow').map(entry => entry.text);

const saved = ({ at, revision, edit, before, after, judging, advice }: SavedEdit): SavedEdit => ({
  at,
  revision,
  edit,
  before,
  after,
  judging,
  advice,
});

/** A decision proves the new policy only where the old one would have ruled otherwise. */
export function confirms({ before, after, judging }: SavedEdit, event: EgressEvent): boolean {
  if (!isDecision(event) || event.host === null || (event.verdict !== 'allow' && event.verdict !== 'deny'))
    return false;
  // let through by the mediator's mode, which need not be the one that is judged under: no entry decided
  if (event.rule === 'unlisted') return false;
  const [was, is] = [before.judge(event, judging), after.judge(event, judging)];
  if (was.verdict !== is.verdict) return event.verdict === is.verdict;
  if (was.interception === is.interception || event.verdict !== 'allow') return false;
  return (
    event.interception !== null &&
    isOpaque(event.interception) === isOpaque(is.interception) &&
    isOpaque(was.interception) !== isOpaque(is.interception)
  );
}

const isOpaque = (interception: string | null): boolean =>
  interception === 'opaque' || interception === 'passthrough';
