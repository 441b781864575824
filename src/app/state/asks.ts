import type { AnswerVerdict } from '../../core/ask/answer.ts';
import type { MemoryRule } from '../../core/ask/memory-rules.ts';
import type { Flood, Question } from '../../core/ask/question.ts';

/** How often the host of a question was seen before it was asked about, and the agent that asked for it most. */
export interface SeenBefore {
  readonly decisions: number;
  readonly agent: string | null;
}

/** An open question as the screen has it. */
export interface ShownQuestion {
  /** The source that told of it. */
  readonly source: string;
  readonly question: Question;
  /** When the screen learnt of it, unix ms. */
  readonly appearedAt: number;
  readonly seen: SeenBefore;
  /** Doubts about the name: a look-alike, a multi-tenant domain. */
  readonly remarks: readonly string[];
  /** The answer that was given here and is not confirmed yet; null without one. */
  readonly given: AnswerVerdict | null;
}

/** A rule in a mediator's memory, and the source that told of it. */
export interface ShownRule {
  readonly source: string;
  readonly rule: MemoryRule;
}

/** An agent that asks more than it may, and the source that told of it. */
interface ShownFlood extends Flood {
  readonly source: string;
}

/** The questions to the operator, and where the operator stands among them. */
export interface Asks {
  /** Oldest first. */
  readonly questions: readonly ShownQuestion[];
  readonly floods: readonly ShownFlood[];
  readonly rules: readonly ShownRule[];
  /** The key of the chosen row; null: the oldest. */
  readonly chosen: string | null;
  /** The operator put the questions aside: keys are the list's again. */
  readonly isAside: boolean;
  /** Until then no key answers: it may have been under way before the chosen row was seen. */
  readonly quietUntil: number;
}

export const NO_ASKS: Asks = {
  questions: [],
  floods: [],
  rules: [],
  chosen: null,
  isAside: false,
  quietUntil: 0,
};

/** One line of the questions: a question, or all of an agent that floods. */
export type AskRow =
  | { readonly type: 'question'; readonly key: string; readonly shown: ShownQuestion }
  | {
      readonly type: 'flood';
      readonly key: string;
      readonly agent: string | null;
      readonly unasked: number;
      readonly questions: readonly ShownQuestion[];
    };

/** The rows of the questions, oldest first. All questions of an agent that floods are one row, in the place of its oldest. */
export function askRows({ questions, floods }: Asks): readonly AskRow[] {
  const rows = new Map<string, AskRow>();
  for (const shown of questions) {
    const { source, question } = shown;
    const flood = floods.find(each => each.source === source && each.agent === question.agent);
    if (!flood || flood.unasked === 0) {
      const key = `${source} ${question.id}`;
      rows.set(key, { type: 'question', key, shown });
      continue;
    }
    const key = `${source} flood ${question.agent ?? ''}`;
    const row = rows.get(key);
    const before = row?.type === 'flood' ? row.questions : [];
    const { agent, unasked } = flood;
    rows.set(key, { type: 'flood', key, agent, unasked, questions: [...before, shown] });
  }
  return [...rows.values()];
}

/** The questions of a row. */
export const questionsOf = (row: AskRow): readonly ShownQuestion[] =>
  row.type === 'question' ? [row.shown] : row.questions;

const isOpen = (row: AskRow): boolean => questionsOf(row).some(({ given }) => given === null);

/** The row that keys answer: the chosen one, else the oldest that has no answer yet; null without any. */
export function chosenRow(asks: Asks): AskRow | null {
  const open = askRows(asks).filter(isOpen);
  return open.find(({ key }) => key === asks.chosen) ?? open[0] ?? null;
}

/** Attempts that wait for an answer now. */
export const heldAttempts = ({ questions }: Asks): number =>
  questions.reduce((sum, { question }) => sum + question.held, 0);
