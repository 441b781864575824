import type { JudgeOptions, Policy, Ruling } from '../policy/dialect.ts';
import type { Verdict } from '../event.ts';
import type { ReplayedAction } from './replayed-action.ts';
import { effectOf, RulingChanges } from './ruling-changes.ts';
import { Tally } from '../traffic/tally.ts';

/** The decision on a simulated event, in the words of `aasm policy simulate`. */
export type SimulatedDecision = 'allow' | 'deny' | 'requires_approval' | 'error';

/** One event under the policy. Action and reason are as recorded and as judged: not yet safe for a terminal. */
export interface Outcome {
  /** From 0, over all sources in their order; what a filter leaves out keeps its number. */
  readonly index: number;
  readonly action: string;
  readonly decision: SimulatedDecision;
  readonly reason: string;
}

/** A policy and how it is to be read. */
export interface Judge {
  readonly policy: Policy;
  readonly options: JudgeOptions;
}

/** The question to a simulation. */
export interface SimulationQuestion extends Judge {
  /** The dialect's other matchers: how often each would rule differently is counted. */
  readonly otherMatchers: readonly string[];
  /** The policy to compare with; null where none is named. */
  readonly other: Judge | null;
}

/** An action with what the log says of it. */
export interface RecordedAction {
  readonly action: ReplayedAction;
  /** The verdict given at the time; null where there was none. */
  readonly verdict: Verdict | null;
  readonly host: string | null;
  readonly reason: string | null;
}

/** Distinct notes kept apart. */
const NOTES = 20;

/** Rules on recorded actions one by one, and counts. Mutable; holds no action, only counts and the hosts that changed. */
export class Simulation {
  readonly #question: SimulationQuestion;
  #next = 0;
  /** Events by what became of them. */
  readonly counts: Record<SimulatedDecision, number> = { allow: 0, deny: 0, requires_approval: 0, error: 0 };
  /** Network requests that were ruled on. */
  requests = 0;
  /** Let through only because the policy is in shadow mode. */
  wouldDeny = 0;
  /** Let through because the policy says nothing of such actions. */
  notRuledOn = 0;
  /** By matcher: how many requests it would rule differently. */
  readonly differing: Map<string, number>;
  /** The facts that judging could not look at, by number of events. */
  readonly notes = new Tally();
  /** Against what was decided at the time. */
  readonly changes = new RulingChanges();
  /** Against the other policy. */
  readonly comparison: RulingChanges | null;

  constructor(question: SimulationQuestion) {
    this.#question = question;
    this.differing = new Map(question.otherMatchers.map(matcher => [matcher, 0]));
    this.comparison = question.other === null ? null : new RulingChanges();
  }

  get total(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }

  /** An event that nobody asked about: only its number is used up. */
  skip(): void {
    this.#next += 1;
  }

  /** A line that holds no event. */
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

/** Notes are counted over all hosts: one that begins with its host says the same of each. */
const withoutHost = (note: string, host: string | null): string =>
  host !== null && note.startsWith(`${host} `) ? `the name${note.slice(host.length)}` : note;

/** The policy's answer to the action; null where it has none, which lets it through. */
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

/** Shadow mode lets through: what it would have denied is counted beside. */
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
