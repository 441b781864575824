import type { JudgeOptions, Policy, PolicyEdit } from '../../core/policy/dialect.ts';
import { isDecision, type EgressEvent } from '../../core/event.ts';

/**
 * The observed state of the last edit. `saved`: the file has it. `acknowledged`: the mediator reported that it loaded the policy.
 * `confirmed`: a later decision differs from the old policy's ruling and agrees with the new one's.
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
  /** The options for judging both policies. */
  readonly judging: JudgeOptions;
  /** The operator's next step, after which the system uses the file. */
  readonly advice: string;
}

/** Tells from a record which policy a mediator loaded; null if the record does not say. */
export type Acknowledges = (
  event: EgressEvent,
  policy: { readonly allow: readonly string[]; readonly revision: string },
) => boolean;

/** Applies what a record proves about the edit. Records from before the edit prove nothing. */
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

/** Notes that a mediator reported the revision that it loaded. */
export function acknowledge(
  enforcement: Enforcement,
  said: { readonly revision: string; readonly by: string; readonly at: number },
): Enforcement {
  if (enforcement.type !== 'saved' || enforcement.revision !== said.revision) return enforcement;
  return { ...saved(enforcement), type: 'acknowledged', acknowledgedAt: said.at, by: said.by };
}

/** Notes that an edit could not be put in force. It stays `saved`, with the reason as its advice. */
export const takeUpFailed = (enforcement: Enforcement, revision: string, advice: string): Enforcement =>
  enforcement.type === 'saved' && enforcement.revision === revision
    ? { ...enforcement, advice }
    : enforcement;

/**
 * Whether a record shows that the new policy was loaded. A record that also fits the old policy (the same allow list, no revision) does
 * not.
 */
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

/** Whether a decision confirms the new policy. It does so only if the old policy would have ruled differently. */
export function confirms({ before, after, judging }: SavedEdit, event: EgressEvent): boolean {
  if (!isDecision(event) || event.host === null || (event.verdict !== 'allow' && event.verdict !== 'deny'))
    return false;
  // the mediator's own mode may differ from the judged one: without an entry it proves nothing
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
