import type { PolicyEdit } from '../core/policy/dialect.ts';
import type { FileFate } from '../core/policy/file-fate.ts';
import { previewEdit } from '../core/what-if/edit-preview.ts';
import { SLICE_MS, workOn, type Work } from '../core/work.ts';
import { describeEdit } from '../core/policy/describe-edit.ts';
import type { Effect, EffectOf } from './message.ts';
import type { PolicyActs, Ports, WriteAnswer } from './ports.ts';
import type { Notice } from './state/state.ts';
import type { Store } from './store.ts';

/** Makes a function that runs effects and dispatches their results as news. */
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
      case 'count-window':
        return ports.countWindow(effect);
      case 'leave-window':
        return ports.leaveWindow();
      case 'open-editor':
        return settle(openEditor(ports, store));
      case 'save-choice':
        return settle(tell(store, ports.saveChoice(effect.choice)));
      case 'export-list':
        return settle(tell(store, ports.exportList(effect)));
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

/**
 * Waits for work without awaiting it. Ports return failures as values; an exception is a bug and ends the program with the terminal
 * restored.
 */
function settle(work: Promise<void>): void {
  work.catch((error: unknown) => {
    setImmediate(() => {
      throw error;
    });
  });
}

/** The actions on the policy. `update` orders an edit only while a policy is open, so they exist. */
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

/** Notes an acknowledgement. The operator did not ask for it, so a failure is only reported. */
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

/** Dispatches the notice of a finished action. */
async function tell(store: Store, going: Promise<Notice>): Promise<void> {
  store.dispatch({ type: 'noticed', notice: await going });
}

function warn(store: Store, why: string | null): void {
  if (why !== null) store.dispatch({ type: 'noticed', notice: { text: why, tone: 'warn' } });
}

async function openEditor(ports: Ports, store: Store): Promise<void> {
  const why = await ports.openEditor();
  if (why !== null) store.dispatch({ type: 'noticed', notice: { text: why, tone: 'warn' } });
}

/** Runs the work in time slices, so that keys are handled in between. `now` returns milliseconds since any start. */
async function inSlices<Value>(work: Work<Value>, now: () => number): Promise<Value> {
  for (;;) {
    const step = workOn(work, SLICE_MS, now);
    if (step.done) return step.value;
    await new Promise(resolve => setImmediate(resolve));
  }
}
