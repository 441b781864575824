import type { JudgeOptions, Policy, Ruling } from '../policy/dialect.ts';
import type { Verdict } from '../event.ts';
import type { ReplayedAction } from './replayed-action.ts';
import { effectOf, RulingChanges } from './ruling-changes.ts';
import { Tally } from '../traffic/tally.ts';

/** The decision on a simulated event, in the terms of `aasm policy simulate`. */
export type SimulatedDecision = 'allow' | 'deny' | 'requires_approval' | 'error';

/** The result for one event. Action and reason are not yet safe for a terminal. */
export interface Outcome {
  /** The event's index from 0, over all sources in order. Events that a filter excludes count too. */
  readonly index: number;
  readonly action: string;
  readonly decision: SimulatedDecision;
  readonly reason: string;
}

/** A policy, and the options for judging. */
export interface Judge {
  readonly policy: Policy;
  readonly options: JudgeOptions;
}

/** The input of a simulation. */
export interface SimulationQuestion extends Judge {
  /** The dialect's other matchers. The simulation counts how often each would rule differently. */
  readonly otherMatchers: readonly string[];
  /** The policy to compare with; null without one. */
  readonly other: Judge | null;
}

/** An action, and the log's facts about it. */
export interface RecordedAction {
  readonly action: ReplayedAction;
  /** The recorded verdict; null without one. */
  readonly verdict: Verdict | null;
  readonly host: string | null;
  readonly reason: string | null;
}

/** The most distinct notes. */
const NOTES = 20;

/** Judges recorded actions one by one and counts the results. Mutable. Stores no actions, only counts and the changed hosts. */
export class Simulation {
  readonly #question: SimulationQuestion;
  #next = 0;
  /** Events by decision. */
  readonly counts: Record<SimulatedDecision, number> = { allow: 0, deny: 0, requires_approval: 0, error: 0 };
  /** Network requests that were judged. */
  requests = 0;
  /** Requests let through only because of shadow mode. */
  wouldDeny = 0;
  /** Actions let through because the policy does not rule on their kind. */
  notRuledOn = 0;
  /** The number of requests that each matcher would rule differently. */
  readonly differing: Map<string, number>;
  /** Facts that judging lacked, with the number of events. */
  readonly notes = new Tally();
  /** Differences from the recorded verdicts. */
  readonly changes = new RulingChanges();
  /** Differences from the other policy. */
  readonly comparison: RulingChanges | null;

  constructor(question: SimulationQuestion) {
    this.#question = question;
    this.differing = new Map(question.otherMatchers.map(matcher => [matcher, 0]));
    this.comparison = question.other === null ? null : new RulingChanges();
  }

  get total(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }

  /** Skips an event that a filter excludes, but counts its index. */
  skip(): void {
    this.#next += 1;
  }

  /** Takes a line without a readable event. */
  fail(line: number | null, why: string): Outcome {
    return this.#outcome(`(unparseable: line ${line ?? '?'})`, 'error', why);
  }

  rule(recorded: RecordedAction): Outcome {
    const { action } = recorded;
    if (action.type === 'unreadable') return this.#outcome(action.label, 'error', action.why);
    const ruling = rulingOn(action, this.#question);
    if (ruling === null) {
      this.notRuledOn += 1;
      this.#compare(recorded, null);
      return this.#outcome(action.label, 'allow', 'not ruled on by this policy');
    }
    this.#note(action, ruling);
    this.#compare(recorded, ruling);
    return this.#outcome(action.label, decisionOf(ruling.verdict), ruling.reason);
  }

  #outcome(action: string, decision: SimulatedDecision, reason: string): Outcome {
    this.counts[decision] += 1;
    this.#next += 1;
    return { index: this.#next - 1, action, decision, reason };
  }

  #note(action: ReplayedAction, ruling: Ruling): void {
    if (ruling.verdict === 'would-deny') this.wouldDeny += 1;
    if (action.type !== 'request') return;
    for (const note of ruling.notes ?? []) this.notes.add(withoutHost(note, action.attempt.host), 1, NOTES);
    this.requests += 1;
    const { policy, options } = this.#question;
    for (const [matcher, count] of this.differing) {
      const differs = policy.judge(action.attempt, { ...options, matcher }).verdict !== ruling.verdict;
      if (differs) this.differing.set(matcher, count + 1);
    }
  }

  #compare({ action, verdict, host, reason }: RecordedAction, ruling: Ruling | null): void {
    const name = action.type === 'request' ? (host ?? '-') : action.label;
    const now = effectOf(ruling?.verdict ?? 'allow');
    const nowReason = ruling?.reason ?? null;
    if (verdict !== null)
      this.changes.add({ name, was: effectOf(verdict), now, wasReason: reason, nowReason });
    const { other } = this.#question;
    if (other === null) return;
    const before = rulingOn(action, other);
    const was = effectOf(before?.verdict ?? 'allow');
    this.comparison?.add({ name, was, now, wasReason: before?.reason ?? null, nowReason });
  }
}

/** The note without its host, so that equal notes on several hosts are counted together. */
const withoutHost = (note: string, host: string | null): string =>
  host !== null && note.startsWith(`${host} `) ? `the name${note.slice(host.length)}` : note;

/** The policy's ruling on the action. Null where it does not rule on such actions, which lets them through. */
function rulingOn(action: ReplayedAction, { policy, options }: Judge): Ruling | null {
  switch (action.type) {
    case 'request':
      return policy.judge(action.attempt, options);
    case 'tool-call':
      return policy.judgeTool?.(action.tool) ?? null;
    case 'other':
    case 'unreadable':
      return null;
  }
}

/** A would-deny counts as `allow`; `wouldDeny` counts it separately. */
function decisionOf(verdict: Verdict): SimulatedDecision {
  switch (verdict) {
    case 'allow':
    case 'would-deny':
      return 'allow';
    case 'deny':
      return 'deny';
    case 'pending':
      return 'requires_approval';
    case 'error':
      return 'error';
  }
}
