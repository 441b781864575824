import { type Enforcement, observe } from '../../../app/state/enforcement.ts';
import { type EgressEvent, isDecision } from '../../../core/event.ts';
import type { Standing } from '../../../core/fleet/policy-report.ts';
import type { Dialect, Policy } from '../../../core/policy/dialect.ts';
import { text } from '../../../core/record.ts';
import { toIso } from '../../../core/time.ts';
import type { Followed } from '../../../policy-file/following/follow-values.ts';
import type { TakenValue } from '../../../policy-file/following/held-policy.ts';
import type { System } from '../../../systems/system.ts';
import { SYSTEMS } from '../../../systems/index.ts';
import type { PolicyTarget } from '../../policy/policy-target.ts';

/** A policy file, and whose it is. */
type RuledFile = Pick<PolicyTarget, 'path' | 'dialect' | 'system'>;

/**
 * The proof, from the mediator's records, of the value that was taken last. `confirmed` needs a decision: one whose record names the revision,
 * or one that the policy before would have ruled otherwise.
 */
export class ValueInForce {
  readonly #find: () => Promise<RuledFile>;
  #target: RuledFile | null = null;
  /** The system that the last record came from. */
  #heard: System | null = null;
  #taken: TakenValue | null = null;
  #enforcement: Enforcement = { type: 'none' };

  /** `find`: the file and its system, asked for at each new value, because a mediator may have started on it. */
  constructor(find: () => Promise<RuledFile>) {
    this.#find = find;
  }

  /** Begins anew where another value was taken. */
  async follow({ standing, taken, text: written }: Followed): Promise<void> {
    if (standing !== 'saved' || taken === null || taken.id === this.#taken?.id) return;
    this.#taken = taken;
    this.#target = await this.#find();
    // a mediator that is heard here and rereads its policy is the one that reads it, whatever the text looks like
    const reader = this.#heard?.activation.type === 'reload' ? this.#heard : this.#target.system;
    const isHeard = this.#heard !== null || reader.activation.type === 'reload';
    this.#enforcement = savedValue(taken, written, { ...this.#target, system: reader, isHeard });
  }

  /** Takes a record; whether it proves more than was known. */
  observe(event: EgressEvent): boolean {
    if (event.system !== this.#heard?.name)
      this.#heard = SYSTEMS.find(({ name }) => name === event.system) ?? null;
    const before = this.#enforcement;
    if (before.type === 'none' || event.at === null || event.at < before.at) return false;
    const own = this.#target?.system;
    if (!own || (isDecision(event) && own.activation.canProve?.(event) === false)) return false;
    const { activation } = this.#heard ?? own;
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
}

function savedValue(
  { at, revision, replaced }: TakenValue,
  written: string | null,
  { dialect, path, system, isHeard }: RuledFile & { readonly isHeard: boolean },
): Enforcement {
  const after = written === null ? null : policyIn(written, path, dialect);
  if (!after) return { type: 'none' };
  const before = (replaced === null ? null : policyIn(replaced, path, dialect)) ?? after;
  const advised = system.activation.advice({ path, policy: after });
  const advice = isHeard ? advised : `no mediator was heard yet; where ${system.name} reads it: ${advised}`;
  return { type: 'saved', at, revision, edit: [], before, after, judging: {}, advice };
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
