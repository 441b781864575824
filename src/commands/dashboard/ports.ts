import type { JudgeOptions } from '../../core/policy/dialect.ts';
import type { PolicyActs, Ports } from '../../app/ports.ts';
import type { FleetDesk } from './fleet/fleet-desk.ts';
import type { FleetPolicyTarget } from './fleet/fleet-target.ts';
import type { Store } from '../../app/store.ts';
import type { Screen } from '../../ui/screen.tsx';
import { copyToTerminal } from './clipboard.ts';
import { editorPort } from './editor.ts';
import type { PolicyPort } from './policy-port.ts';
import type { DashboardQuestions } from './questions.ts';
import { placesOf } from '../places.ts';
import type { WindowReading } from './counting/window-reading.ts';
import type { PolicyTarget } from '../policy/policy-target.ts';
import { suspendProcess } from './terminal-signals.ts';

/** The targets of the dashboard's effects: the policy file, and the screen once it is open. */
export class DashboardPorts {
  screen: Screen | null = null;
  store: Store | null = null;
  /** Null until the feeds are started, and where nobody may answer. */
  questions: DashboardQuestions | null = null;
  /** Null until the feeds are started. */
  windows: WindowReading | null = null;
  /** Its editors load with the first that is asked of it: YAML, TOML and all are many files. Null without a policy. */
  readonly policyPort: (() => Promise<PolicyPort>) | null;
  /** Where the policy of a fleet is read and edited; null without one, and until the feeds are started. */
  #desk: FleetDesk | null = null;
  readonly #joined = Promise.withResolvers<FleetDesk>();
  readonly #target: PolicyTarget | null;
  readonly #fleet: FleetPolicyTarget | null;

  constructor(target: PolicyTarget | null, fleet: FleetPolicyTarget | null) {
    [this.#target, this.#fleet] = [target, fleet];
    let loading: Promise<PolicyPort> | null = null;
    this.policyPort = target && (() => (loading ??= policyPortOf(target)));
  }

  /** The ports under which both policies of a preview are judged like that. */
  of(judging: JudgeOptions): Ports {
    const lend = (work: () => Promise<void>): Promise<void> => this.screen?.lend(work) ?? Promise.resolve();
    const { dialect } = this.#target ?? this.#fleet ?? {};
    return {
      now: Date.now,
      judging,
      covers: dialect?.covers ?? (() => false),
      isOwnDenial: dialect?.isOwnDenial ?? (() => true),
      policy: this.policyPort ?? (this.#fleet && (() => this.#fleetPort())),
      answer: answer => (this.questions ? this.questions.answer(answer) : NOT_JOINED),
      forgetRule: (source, rule) => (this.questions ? this.questions.forget(source, rule) : NOT_JOINED),
      countWindow: window => this.windows?.count(window),
      leaveWindow: () => void this.windows?.leave(),
      openEditor: editorPort(
        this.#target?.readOnly === undefined ? (this.#target?.path ?? null) : null,
        lend,
      ),
      takeUp: this.#target?.takeUp ?? null,
      exportList: async ({ file, form, table }) =>
        (await import('./export-list.ts')).exportList(file, form, table),
      saveChoice: async choice =>
        (await import('../config/save-choice.ts')).saveChoice(choice, placesOf(undefined)),
      copy: text => copyToTerminal(text, process.stdout),
      setMouse: isOn => this.screen?.setMouse(isOn),
      redraw: () => this.screen?.redraw(),
      suspend: () => void lend(suspendProcess).then(() => this.resized()),
      quit: () => void this.screen?.leave(),
    };
  }

  get desk(): FleetDesk | null {
    return this.#desk;
  }

  /** The feeds are started: what was ordered of the policy of a fleet until now goes on. */
  join(desk: FleetDesk): void {
    this.#desk = desk;
    this.#joined.resolve(desk);
  }

  #fleetPolicy: Promise<PolicyActs> | null = null;

  #fleetPort(): Promise<PolicyActs> {
    return (this.#fleetPolicy ??= this.#joined.promise.then(fleetPortOf));
  }

  /** The terminal has another size, or may have. */
  readonly resized = (): void =>
    this.store?.dispatch({ type: 'resized', columns: process.stdout.columns, rows: process.stdout.rows });
}

const NOT_JOINED = 'no mediator is joined that asks';

async function policyPortOf(target: PolicyTarget): Promise<PolicyPort> {
  const { PolicyPort } = await import('./policy-port.ts');
  return new PolicyPort(target, Date.now);
}

async function fleetPortOf(desk: FleetDesk): Promise<PolicyActs> {
  const { FleetPolicyPort } = await import('./fleet/fleet-policy-port.ts');
  return new FleetPolicyPort(desk, Date.now);
}
