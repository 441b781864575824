import type { AnswerVerdict } from '../../core/ask/answer.ts';
import type { MemoryRule } from '../../core/ask/memory-rules.ts';
import type { Flood, Question } from '../../core/ask/question.ts';

/** How often the host of a question was decided on before, and the agent that used it most. */
export interface SeenBefore {
  readonly decisions: number;
  readonly agent: string | null;
}

/** An open question as screens show it. */
export interface ShownQuestion {
  /** The source that reported the question. */
  readonly source: string;
  readonly question: Question;
  /** Unix ms at which the screen first showed it. */
  readonly appearedAt: number;
  readonly seen: SeenBefore;
  /** Warnings about the name: it is a look-alike, or below a multi-tenant domain. */
  readonly remarks: readonly string[];
  /** The answer that was given here and that the mediator has not confirmed; null without one. */
  readonly given: AnswerVerdict | null;
}

/** A rule in a mediator's memory, and the source that reported it. */
export interface ShownRule {
  readonly source: string;
  readonly rule: MemoryRule;
}

/** An agent that exceeded its limit of questions, and the source that reported it. */
interface ShownFlood extends Flood {
  readonly source: string;
}

/** The open questions, and the operator's choice among them. */
export interface Asks {
  /** Oldest first. */
  readonly questions: readonly ShownQuestion[];
  readonly floods: readonly ShownFlood[];
  readonly rules: readonly ShownRule[];
  /** The key of the chosen row; null: the oldest row. */
  readonly chosen: string | null;
  /** Whether the operator put the questions aside, so that keys act on the list. */
  readonly isAside: boolean;
  /** Unix ms until which keys answer nothing. Before it, the operator may have pressed a key without seeing the chosen row. */
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

/** A row of the questions: one question, or all questions of an agent above its limit. */
export type AskRow =
  | { readonly type: 'question'; readonly key: string; readonly shown: ShownQuestion }
  | {
      readonly type: 'flood';
      readonly key: string;
      readonly agent: string | null;
      readonly unasked: number;
      readonly questions: readonly ShownQuestion[];
    };

/** The rows, oldest first. All questions of an agent above its limit form one row, at the place of the oldest. */
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

/** The questions in a row. */
export const questionsOf = (row: AskRow): readonly ShownQuestion[] =>
  row.type === 'question' ? [row.shown] : row.questions;

const isOpen = (row: AskRow): boolean => questionsOf(row).some(({ given }) => given === null);

/** The row that keys answer: the chosen one, else the oldest without an answer; null without questions. */
export function chosenRow(asks: Asks): AskRow | null {
  const open = askRows(asks).filter(isOpen);
  return open.find(({ key }) => key === asks.chosen) ?? open[0] ?? null;
}

/** The number of attempts that wait for an answer. */
export const heldAttempts = ({ questions }: Asks): number =>
  questions.reduce((sum, { question }) => sum + question.held, 0);
