import type { JudgeOptions, Policy, PolicyEdit } from '../core/policy/dialect.ts';
import type { FileFate } from '../core/policy/file-fate.ts';
import type { TakeUp } from '../core/policy/take-up.ts';
import { previewEdit } from '../core/what-if/edit-preview.ts';
import { SLICE_MS, workOn, type Work } from '../core/work.ts';
import { describeEdit } from '../core/policy/describe-edit.ts';
import type { JournalLine, Undoes } from './state/journal.ts';
import type { PlannedEdit } from './state/dialog.ts';
import type { LaidDraft } from './state/draft.ts';
import type { Effect } from './message.ts';
import type { Store } from './store.ts';

/** A policy file before and after an edit. */
interface FileChange {
  readonly fate: FileFate;
  /** The change, which for an undo may be less than what was asked. */
  readonly edit: PolicyEdit;
  readonly revision: string;
  readonly before: Policy;
  readonly after: Policy;
}

/** The text that an edit would make of that revision of the file on disk. */
export type PlanAnswer =
  | (FileChange & Omit<PlannedEdit, 'preview'> & { readonly type: 'planned' })
  | { readonly type: 'refused'; readonly why: string };

/** The text that the edits of a draft make of the file on disk. */
export type DraftAnswer =
  | {
      readonly type: 'laid';
      readonly laid: LaidDraft;
      readonly edits: readonly PolicyEdit[];
      readonly notes: readonly string[];
    }
  | { readonly type: 'refused'; readonly why: string };

/** How a write went; the revision is that of what was written. */
export type WriteAnswer =
  | (FileChange & {
      readonly type: 'written';
      readonly remark: string | null;
      /** The step that the system needs before it follows the file. */
      readonly advice: string;
    })
  | { readonly type: 'conflict' }
  | { readonly type: 'refused'; readonly why: string };

/** The policy file, as the dashboard acts on it. What fails outside is returned with its reason. */
export interface PolicyActs {
  /** Plans an edit: the text that it would make of the file. With `onto`, the edits of a draft lie between the file and the edit. */
  readonly plan: (edit: PolicyEdit, onto?: readonly PolicyEdit[]) => Promise<PlanAnswer>;
  readonly planUndo: (what: Undoes) => Promise<PlanAnswer>;
  readonly lay: (edits: readonly PolicyEdit[]) => Promise<DraftAnswer>;
  /** Writes the edit if the file still has that revision. */
  readonly write: (edit: PolicyEdit, revision: string) => Promise<WriteAnswer>;
  readonly writeUndo: (what: Undoes, revision: string) => Promise<WriteAnswer>;
  /** Newest first. */
  readonly journal: () => Promise<readonly JournalLine[]>;
  /** Notes in the journal that a mediator holds this revision; what stood in the way of that, or null. */
  readonly acknowledge: (seen: Omit<EffectOf<'journal-acknowledgement'>, 'type'>) => Promise<string | null>;
}

/** The outside world, as the dashboard's effects need it. */
export interface Ports {
  readonly now: () => number;
  /** How both policies of a preview are judged. */
  readonly judging: JudgeOptions;
  readonly covers: (entry: string, host: string) => boolean;
  /** Whether a denial was the open policy's own. */
  readonly isOwnDenial: (system: string, reason: string | null) => boolean;
  /** Loads the file's editors at the first call. Null without a policy: nothing is then ordered of it but its journal. */
  readonly policy: (() => Promise<PolicyActs>) | null;
  /** Makes the policy's reader take up the file; null where nothing does. */
  readonly takeUp: TakeUp | null;

  /** Sends an answer to the mediator behind a source. Returns why it could not be sent, else null. */
  readonly answer: (answer: Omit<EffectOf<'answer-question'>, 'type'>) => string | null;
  readonly forgetRule: (source: string, rule: string) => string | null;
  readonly openEditor: () => Promise<string | null>;
  readonly copy: (text: string) => void;
  readonly setMouse: (isOn: boolean) => void;
  readonly redraw: () => void;
  readonly suspend: () => void;
  readonly quit: () => void;
}

/** Runs what `update` ordered, and brings the outcome back as news. The one file in which the dashboard acts. */
export function effectRunner(ports: Ports): (effect: Effect, store: Store) => void {
  return (effect, store) => {
    switch (effect.type) {
      case 'plan-edit':
        return settle(planEdit(ports, store, effect));
      case 'lay-draft':
        return settle(layDraft(ports, store, effect.edits));
      case 'write-edit':
        return settle(writeEdit(ports, store, effect));
      case 'read-journal':
        return settle(readJournal(ports, store));
      case 'journal-acknowledgement':
        return settle(acknowledge(ports, store, effect));
      case 'answer-question':
        return warn(store, ports.answer(effect));
      case 'forget-rule':
        return warn(store, ports.forgetRule(effect.source, effect.rule));
      case 'open-editor':
        return settle(openEditor(ports, store));
      case 'copy':
        return ports.copy(effect.text);
      case 'set-mouse':
        return ports.setMouse(effect.isOn);
      case 'redraw':
        return ports.redraw();
      case 'suspend':
        return ports.suspend();
      case 'quit':
        return ports.quit();
      case 'freeze':
        throw new Error('the store freezes by itself');
    }
  };
}

/** Ports return what fails outside as values; an exception is our bug and ends the program, with the terminal restored. */
function settle(work: Promise<void>): void {
  work.catch((error: unknown) => {
    setImmediate(() => {
      throw error;
    });
  });
}

/** `update` orders an edit only while a policy file is open. */
async function policyOf({ policy }: Ports): Promise<PolicyActs> {
  if (!policy) throw new Error('an edit was ordered without a policy file');
  return policy();
}

async function layDraft(ports: Ports, store: Store, asked: readonly PolicyEdit[]): Promise<void> {
  const drafted = await (await policyOf(ports)).lay(asked);
  if (drafted.type === 'refused') return store.dispatch({ type: 'draft-refused', asked, why: drafted.why });
  const { laid, edits, notes } = drafted;
  store.dispatch({ type: 'draft-laid', asked, laid, edits, notes });
}

type EffectOf<Type extends Effect['type']> = Extract<Effect, { readonly type: Type }>;

async function planEdit(ports: Ports, store: Store, order: EffectOf<'plan-edit'>): Promise<void> {
  const { edit, onto, undoes } = order;
  const policy = await policyOf(ports);
  const planned = await (undoes ? policy.planUndo(undoes) : policy.plan(edit, onto));
  if (planned.type === 'refused') return store.dispatch({ type: 'edit-refused', edit, why: planned.why });
  const { fate, diff, revision, before, after, warnings, remark } = planned;
  const previewing = previewEdit(store.traffic, {
    before,
    after,
    edit: planned.edit,
    covers: ports.covers,
    isOwnDenial: ports.isOwnDenial,
    options: ports.judging,
  });
  const seen = await inSlices(previewing, ports.now);
  store.dispatch({
    type: 'edit-planned',
    edit,
    plan: { fate, diff, revision, warnings, remark, preview: seen },
  });
}

async function writeEdit(ports: Ports, store: Store, order: EffectOf<'write-edit'>): Promise<void> {
  const { edit, revision, undoes } = order;
  const policy = await policyOf(ports);
  const written = await (undoes ? policy.writeUndo(undoes, revision) : policy.write(edit, revision));
  if (written.type === 'conflict') return store.dispatch({ type: 'edit-conflicted', edit });
  if (written.type === 'refused') return store.dispatch({ type: 'edit-refused', edit, why: written.why });
  told({ ports, store }, written, undoes ? 'undone and saved' : 'saved');
}

async function readJournal(ports: Ports, store: Store): Promise<void> {
  store.dispatch({
    type: 'journal-read',
    journal: ports.policy ? await (await ports.policy()).journal() : [],
  });
}

/** Nothing the operator asked for: what stands in its way is told, and stands in the way of nothing else. */
async function acknowledge(
  ports: Ports,
  store: Store,
  { revision, by, at }: EffectOf<'journal-acknowledgement'>,
): Promise<void> {
  const why = await (await policyOf(ports)).acknowledge({ revision, by, at });
  if (why !== null) return store.dispatch({ type: 'noticed', notice: { text: why, tone: 'warn' } });
  await readJournal(ports, store);
}

function told(
  { ports, store }: { readonly ports: Ports; readonly store: Store },
  written: Extract<WriteAnswer, { readonly type: 'written' }>,
  verb: string,
): void {
  const { fate, edit, revision, before, after, remark, advice } = written;
  const what = [FATES[fate], describeEdit(edit)].filter(part => part !== '').join(': ');
  const text = [`${verb}: ${what}`, remark, advice].filter(part => part !== null).join(' · ');
  const { judging } = ports;
  store.dispatch({
    type: 'edit-written',
    saved: { at: ports.now(), revision, edit, before, after, judging, advice },
    notice: { text, tone: 'allow', isOfWrite: true },
  });
  const { takeUp, now } = ports;
  if (takeUp)
    settle(takeUp.run(edit).then(end => store.dispatch({ type: 'take-up-ended', revision, at: now(), end })));
}

const FATES: Readonly<Record<FileFate, string>> = {
  changed: '',
  made: 'the new policy file',
  removed: 'the policy file that was created is gone',
};

function warn(store: Store, why: string | null): void {
  if (why !== null) store.dispatch({ type: 'noticed', notice: { text: why, tone: 'warn' } });
}

async function openEditor(ports: Ports, store: Store): Promise<void> {
  const why = await ports.openEditor();
  if (why !== null) store.dispatch({ type: 'noticed', notice: { text: why, tone: 'warn' } });
}

/** Does the work in slices and answers keys between them. `now` counts milliseconds from any start. */
async function inSlices<Value>(work: Work<Value>, now: () => number): Promise<Value> {
  for (;;) {
    const step = workOn(work, SLICE_MS, now);
    if (step.done) return step.value;
    await new Promise(resolve => setImmediate(resolve));
  }
}
