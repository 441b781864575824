import type { DraftAnswer, PlanAnswer, PolicyActs, WriteAnswer } from '../../../app/ports.ts';
import type { JournalLine, Undoes } from '../../../app/state/journal.ts';
import { Failure } from '../../../core/failure.ts';
import { undoReason, undoTarget } from '../../../core/fleet/undo-target.ts';
import { plural } from '../../../core/grouped.ts';
import { describeEdit } from '../../../core/policy/describe-edit.ts';
import type { PolicyEdit } from '../../../core/policy/dialect.ts';
import { warningsOn } from '../../../core/policy/edit-parts.ts';
import { toIso } from '../../../core/time.ts';
import { type EditOutcome, parsePolicy } from '../../../policy-file/editing/edit.ts';
import { layEdits } from '../../../policy-file/editing/lay-edits.ts';
import { Outrun, putValue } from '../../fleet/policy/kept-policy.ts';
import { machinesOf } from '../../fleet/policy/machine-reports.ts';
import {
  editText,
  effectOn,
  type OpenPolicy,
  refuseUnderWay,
  wholeText,
} from '../../fleet/policy/open-policy.ts';
import { NOTHING_TO_CHANGE, refused } from '../refusal.ts';
import type { FleetDesk } from './fleet-desk.ts';
import { journalOf, undoOf } from './fleet-journal.ts';

/** The revision of a policy of the fleet: that of its newest value. */
export const revisionOf = ({ kept }: Pick<OpenPolicy, 'kept'>): string => kept.current?.id ?? NO_VALUE;

const NO_VALUE = 'none';

/** An edit of a policy's text, and the reason that its value gets. */
interface Change {
  readonly outcome: EditOutcome;
  readonly reason?: string;
  /** Whether it may end a rollout that is under way, as an undo may. */
  readonly mayInterrupt?: true;
  readonly remark?: string;
  /** Stands before the reason why nothing changes. */
  readonly unchanged?: string;
}

/** A policy of a fleet in the dashboard’s words. Each edit is signed, and stored only where nobody else was faster. */
export class FleetPolicyPort implements PolicyActs {
  readonly #desk: FleetDesk;
  readonly #now: () => number;

  constructor(desk: FleetDesk, now: () => number) {
    [this.#desk, this.#now] = [desk, now];
  }

  plan(edit: PolicyEdit, onto: readonly PolicyEdit[] = []): Promise<PlanAnswer> {
    return this.#planned(open => this.#edited(open, edit, onto));
  }

  planUndo(what: Undoes): Promise<PlanAnswer> {
    return this.#planned(open => undone(open, what));
  }

  write(edit: PolicyEdit, revision: string): Promise<WriteAnswer> {
    return this.#written(revision, open => this.#edited(open, edit, []));
  }

  writeUndo(what: Undoes, revision: string): Promise<WriteAnswer> {
    return this.#written(revision, open => undone(open, what));
  }

  lay(edits: readonly PolicyEdit[]): Promise<DraftAnswer> {
    return refusing(async () => {
      const open = await this.#desk.open();
      const laid = layEdits(standing(open), edits);
      if (laid.type === 'refused') return refused(laid);
      const { policy, whole, edits: kept, notes } = laid;
      return { type: 'laid', laid: { revision: revisionOf(open), policy, whole }, edits: kept, notes };
    });
  }

  async journal(): Promise<readonly JournalLine[]> {
    try {
      return journalOf(await this.#desk.open());
    } catch (error) {
      if (error instanceof Failure) return [];
      throw error;
    }
  }

  /** Machines tell what they have: nothing is noted beside the values. */
  acknowledge(): Promise<null> {
    return Promise.resolve(null);
  }

  #edited(open: OpenPolicy, edit: PolicyEdit, onto: readonly PolicyEdit[]): Change {
    const unchanged = NOTHING_TO_CHANGE;
    if (onto.length === 0) return { outcome: editText(standing(open), edit, this.#now()), unchanged };
    const laid = layEdits(standing(open), onto);
    return { outcome: laid.type === 'refused' ? laid : editText(laid, edit, this.#now()), unchanged };
  }

  #planned(change: (open: OpenPolicy) => Change): Promise<PlanAnswer> {
    return refusing(async () => {
      const open = await this.#desk.open();
      const { outcome, mayInterrupt, remark, unchanged } = change(open);
      if (outcome.type !== 'edited') return refused(outcome, unchanged);
      if (!mayInterrupt) refuseUnderWay(open.kept);
      const before = parsePolicy(standing(open));
      if ('type' in before) return refused(before);
      const { policy: after, diff, edit } = outcome;
      const words = effectOn(open, after, await this.#desk.uses());
      return {
        type: 'planned',
        fate: fateIn(open),
        diff,
        edit,
        revision: revisionOf(open),
        before: before.policy,
        after,
        warnings: warningsOn(open.dialect, before.policy, edit),
        remark: [...(remark === undefined ? [] : [remark]), ...words].join('; '),
      };
    });
  }

  #written(revision: string, change: (open: OpenPolicy) => Change): Promise<WriteAnswer> {
    return refusing(async () => {
      const open = await this.#desk.open();
      const { signer } = this.#desk.target;
      if (!signer) return { type: 'refused', why: 'no key signs: start with --key FILE' };
      if (revisionOf(open) !== revision) return { type: 'conflict' };
      const { outcome, mayInterrupt, reason, unchanged } = change(open);
      if (outcome.type !== 'edited') return refused(outcome, unchanged);
      if (!mayInterrupt) refuseUnderWay(open.kept);
      const before = parsePolicy(standing(open));
      if ('type' in before) return refused(before);
      const { text, edit, policy: after } = outcome;
      const wish = {
        text,
        reason: reason ?? describeEdit(edit).slice(0, 400),
        at: toIso(this.#now()),
      };
      const { kept, base, session } = open;
      const id = await putNext(session.connection, { kept, base, signer, wish });
      if (id === null) return { type: 'conflict' };
      const machines = plural(machinesOf(open.reports, kept.key).length, 'machine');
      return {
        type: 'written',
        fate: fateIn(open),
        edit,
        revision: id,
        before: before.policy,
        after,
        remark: null,
        advice: `signed, and pending on ${machines}`,
      };
    });
  }
}

const standing = ({ text, dialect, kept: { key } }: OpenPolicy) => ({ text, dialect, path: key.name });

const fateIn = ({ base }: OpenPolicy): 'changed' | 'made' => (base.current ? 'changed' : 'made');

/** The text before the newest edit that stands, or today's text without one edit. */
function undone(open: OpenPolicy, what: Undoes): Change {
  const target = undoTarget(open.kept.chain);
  if (target && (what === 'newest' || what.after === target.undone.id))
    return {
      outcome: wholeText(open, target.text),
      reason: undoReason(target.undone),
      mayInterrupt: true,
      remark: `takes back: ${target.undone.value.reason} of ${target.undone.value.at}`,
    };
  if (what === 'newest') return { outcome: { type: 'unchanged', why: 'there is nothing to undo' } };
  return { outcome: undoOf(open, what), reason: `without the edit of ${what.at}` };
}

/** The id of the value that was stored; null where another one came first. */
async function putNext(...value: Parameters<typeof putValue>): Promise<string | null> {
  try {
    return (await putValue(...value)).id;
  } catch (error) {
    if (error instanceof Outrun) return null;
    throw error;
  }
}

/** A failure outside becomes an answer. */
async function refusing<Answer>(work: () => Promise<Answer>): Promise<Answer | ReturnType<typeof refused>> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { type: 'refused', why: [error.message, error.remedy].filter(part => part !== null).join(': ') };
  }
}
