import { isDecision, type EgressEvent } from '../../core/event.ts';
import type { Problem } from '../../core/problem.ts';
import { requestOf, type ReplayedAction } from '../../core/what-if/replayed-action.ts';
import type { Outcome, Simulation } from '../../core/what-if/simulation.ts';
import { replayedLine, replayLine } from '../../report/replay-line.ts';
import type { LineBatch } from '../../sources/source.ts';
import type { System } from '../../systems/system.ts';
import type { FlaggedSpool } from './flagged-spool.ts';
import type { Decoded, LineDecoder } from '../../reading/line-decoder.ts';
import type { NameLookup } from './name-lookup.ts';

/** The receiver of the lines of a replay file. */
export interface ReplaySink {
  readonly write: (text: string) => Promise<void>;
}

export interface SimulationParts {
  readonly systems: readonly System[];
  readonly decoder: LineDecoder;
  readonly isSelected: (event: EgressEvent) => boolean;
  /** Null if events are only exported. */
  readonly simulation: Simulation | null;
  readonly flagged: FlaggedSpool;
  /** Null: names are not resolved. */
  readonly lookup: NameLookup | null;
  /** Null: nothing is exported. */
  readonly replay: ReplaySink | null;
}

/** A line: an event with its action (null without one), or why there is no event. */
type Step =
  | { readonly type: 'event'; readonly event: EgressEvent; readonly action: ReplayedAction }
  | { readonly type: 'malformed'; readonly problem: Problem };

/** Decodes, judges and exports batches of lines from any logs, one batch at a time. */
export class SimulationRun {
  readonly #parts: SimulationParts;
  readonly #systems: ReadonlyMap<string, System>;
  /** Lines without an event. They are missing in a replay file. */
  malformed = 0;
  /** Records of unknown systems. They cannot be judged. */
  unrecognised = 0;
  #exported = 0;

  constructor(parts: SimulationParts) {
    this.#parts = parts;
    this.#systems = new Map(parts.systems.map(system => [system.name, system]));
  }

  get systems(): readonly System[] {
    return this.#parts.systems;
  }

  /** The progress in a few words. */
  get progress(): string {
    const { simulation } = this.#parts;
    if (simulation === null) return `${this.#exported} exported`;
    return `${simulation.total} event(s), ${simulation.counts.deny} denied`;
  }

  async take(batch: LineBatch): Promise<void> {
    await this.#takeSteps(this.#stepsOf(decoded => this.#parts.decoder.decode(batch, decoded)));
  }

  async #takeSteps(steps: readonly Step[]): Promise<void> {
    const { lookup, flagged } = this.#parts;
    await lookup?.learn(steps.flatMap(hostIn));
    await this.#export(steps);
    for (const step of steps) {
      const outcome = this.#outcomeOf(step);
      if (outcome !== null && outcome.decision !== 'allow') flagged.add(outcome);
    }
    await flagged.flush();
  }

  /** Takes the events of an ended source that waited for more records of their request. */
  async end(source: string): Promise<void> {
    await this.#takeSteps(this.#stepsOf(decoded => this.#parts.decoder.end(source, decoded)));
  }

  /** The same for a live source, which has no end. */
  async settle(source: string): Promise<void> {
    await this.#takeSteps(this.#stepsOf(decoded => this.#parts.decoder.settle(decoded, source)));
  }

  #stepsOf(decode: (decoded: Decoded) => void): readonly Step[] {
    const steps: Step[] = [];
    decode({
      event: event => {
        const action = this.#actionIn(event);
        if (action !== null) steps.push({ type: 'event', event, action });
      },
      unrecognised: () => {
        this.unrecognised += 1;
      },
      malformed: problem => {
        this.malformed += 1;
        steps.push({ type: 'malformed', problem });
      },
    });
    return steps;
  }

  /** The action of an event: of every record in a replay file, and of decisions in other logs. */
  #actionIn(event: EgressEvent): ReplayedAction | null {
    const replayed = this.#systems.get(event.system)?.replay?.(event) ?? null;
    return replayed ?? (isDecision(event) ? requestOf(event) : null);
  }

  #outcomeOf(step: Step): Outcome | null {
    const { simulation, isSelected, lookup } = this.#parts;
    if (simulation === null) return null;
    if (step.type === 'malformed') {
      const { source, line, why } = step.problem;
      return simulation.fail(line, `${source}:${line ?? '?'}: ${why}`);
    }
    const { event } = step;
    if (!isSelected(event)) {
      simulation.skip();
      return null;
    }
    const action =
      lookup !== null && step.action.type === 'request'
        ? { ...step.action, attempt: lookup.resolved(step.action.attempt) }
        : step.action;
    return simulation.rule({ action, verdict: event.verdict, host: event.host, reason: event.reason });
  }

  async #export(steps: readonly Step[]): Promise<void> {
    const { replay } = this.#parts;
    if (replay === null) return;
    const lines = steps.flatMap(step =>
      step.type === 'event' && this.#parts.isSelected(step.event) ? [this.#lineOf(step.event)] : [],
    );
    this.#exported += lines.length;
    if (lines.length > 0) await replay.write(`${lines.join('\n')}\n`);
  }

  #lineOf(event: EgressEvent): string {
    const isReplayed = (this.#systems.get(event.system)?.replay?.(event) ?? null) !== null;
    return !isReplayed && isDecision(event) ? replayLine(event) : replayedLine(event);
  }
}

const hostIn = (step: Step): readonly string[] =>
  step.type === 'event' && step.action.type === 'request' && step.action.attempt.host !== null
    ? [step.action.attempt.host]
    : [];
