import { type Enforcement, observe } from '../../../app/state/enforcement.ts';
import { type EgressEvent, isDecision } from '../../../core/event.ts';
import type { Standing } from '../../../core/fleet/policy-report.ts';
import type { Dialect, Policy } from '../../../core/policy/dialect.ts';
import { text } from '../../../core/record.ts';
import { toIso } from '../../../core/time.ts';
import type { Followed } from '../../../policy-file/following/follow-values.ts';
import type { TakenValue } from '../../../policy-file/following/held-policy.ts';
import type { PolicyTarget } from '../../policy/policy-target.ts';

/**
 * The proof, from the mediator's records, of the value that was taken last. `confirmed` needs a decision: one whose record names the revision,
 * or one that the policy before would have ruled otherwise.
 */
export class ValueInForce {
  readonly #target: Pick<PolicyTarget, 'path' | 'dialect' | 'system'>;
  #taken: TakenValue | null = null;
  #enforcement: Enforcement = { type: 'none' };

  constructor(target: Pick<PolicyTarget, 'path' | 'dialect' | 'system'>) {
    this.#target = target;
  }

  /** Begins anew where another value was taken. */
  follow({ standing, taken, text: written }: Followed): void {
    if (standing !== 'saved' || taken === null || taken.id === this.#taken?.id) return;
    this.#taken = taken;
    this.#enforcement = this.#saved(taken, written);
  }

  /** Takes a record; whether it proves more than was known. */
  observe(event: EgressEvent): boolean {
    const before = this.#enforcement;
    if (before.type === 'none' || event.at === null || event.at < before.at) return false;
    const { activation } = this.#target.system;
    if (activation.canProve?.(event) === false && isDecision(event)) return false;
    this.#enforcement = namesRevision(event, before.revision)
      ? confirmedBy(event, before)
      : observe(before, event, activation.acknowledges);
    return this.#enforcement.type !== before.type;
  }

  /** How the machine stands, and why; what was proven counts only where the file has the value. */
  standingOf({ standing, detail }: Followed): { readonly standing: Standing; readonly detail: string } {
    const found = this.#enforcement;
    if (standing !== 'saved' || found.type === 'none') return { standing, detail };
    switch (found.type) {
      case 'saved':
        return { standing, detail: found.advice };
      case 'acknowledged':
        return { standing: 'acknowledged', detail: `by ${found.by} at ${toIso(found.acknowledgedAt)}` };
      case 'confirmed':
        return {
          standing: 'confirmed',
          detail: `by a decision on ${found.host} at ${toIso(found.confirmedAt)}`,
        };
    }
  }

  #saved({ at, revision, replaced }: TakenValue, written: string | null): Enforcement {
    const { dialect, path, system } = this.#target;
    const after = written === null ? null : policyIn(written, path, dialect);
    if (!after) return { type: 'none' };
    const before = (replaced === null ? null : policyIn(replaced, path, dialect)) ?? after;
    const advice = system.activation.advice({ path, policy: after });
    return { type: 'saved', at, revision, edit: [], before, after, judging: {}, advice };
  }
}

const policyIn = (written: string, path: string, dialect: Dialect): Policy | null => {
  const parsed = dialect.parse(written, path);
  return parsed.type === 'valid' ? parsed.policy : null;
};

/** Whether a decision's record says itself by which text it was made, as those of egresstop's own mediator do. */
const namesRevision = (event: EgressEvent, revision: string): boolean =>
  isDecision(event) && event.system === 'egresstop' && text(event.raw, 'policy') === revision;

function confirmedBy(event: EgressEvent, before: Exclude<Enforcement, { type: 'none' }>): Enforcement {
  const { at, revision, edit, after, judging, advice } = before;
  const saved = { at, revision, edit, before: before.before, after, judging, advice };
  return { ...saved, type: 'confirmed', confirmedAt: event.at ?? at, host: event.host ?? 'an unnamed host' };
}
