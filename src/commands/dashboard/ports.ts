import type { JudgeOptions } from '../../core/dialect.ts';
import type { Ports } from '../../app/run.ts';
import type { Store } from '../../app/store.ts';
import type { Screen } from '../../ui/screen.tsx';
import { copyToTerminal } from './clipboard.ts';
import { editorPort } from './editor.ts';
import { PolicyPort } from './policy-port.ts';
import type { PolicyTarget } from '../policy/policy-target.ts';
import { suspendProcess } from './terminal-signals.ts';

/** What the dashboard's effects act on: the policy file, and the screen once it is open. */
export class DashboardPorts {
  screen: Screen | null = null;
  store: Store | null = null;
  readonly policyPort: PolicyPort | null;
  readonly #target: PolicyTarget | null;

  constructor(target: PolicyTarget | null) {
    this.#target = target;
    this.policyPort = target && new PolicyPort(target, Date.now);
  }

  /** The ports under which both policies of a preview are judged like that. */
  of(judging: JudgeOptions): Ports {
    const none = async () => ({ type: 'refused' as const, why: 'no policy file is open' });
    const lend = (work: () => Promise<void>): Promise<void> => this.screen?.lend(work) ?? Promise.resolve();
    return {
      now: Date.now,
      judging,
      covers: this.#target?.dialect.covers ?? (() => false),
      isOwnDenial: this.#target?.dialect.isOwnDenial ?? (() => true),
      planEdit: this.policyPort?.plan ?? none,
      planUndo: this.policyPort?.planUndo ?? none,
      layDraft: this.policyPort?.lay ?? none,
      writeEdit: this.policyPort?.write ?? none,
      writeUndo: this.policyPort?.writeUndo ?? none,
      undoEdit: this.policyPort?.undo ?? none,
      readJournal: this.policyPort?.journal ?? (() => Promise.resolve([])),
      acknowledge: this.policyPort?.acknowledge ?? (() => Promise.resolve(null)),
      openEditor: editorPort(this.#target?.path ?? null, lend),
      copy: text => copyToTerminal(text, process.stdout),
      setMouse: isOn => this.screen?.setMouse(isOn),
      redraw: () => this.screen?.redraw(),
      suspend: () => void lend(suspendProcess).then(() => this.resized()),
      quit: () => this.screen?.close(),
    };
  }

  /** The terminal has another size, or may have. */
  readonly resized = (): void =>
    this.store?.dispatch({ type: 'resized', columns: process.stdout.columns, rows: process.stdout.rows });
}
