import type { Flood, Question } from '../../core/ask/question.ts';
import { askMessage, floodMessage } from './ask-messages.ts';

/** The news of the questions now. */
export interface ToldQuestions {
  readonly question: (id: string) => Question | null;
  readonly floods: readonly Flood[];
}

/** How often a question that changes is told again, milliseconds. */
const TELL_AGAIN_MS = 250;

/** Tells operators of questions that changed. Many changes in a row are told once. */
export class QuestionNews {
  readonly #told: ToldQuestions;
  readonly #tell: (message: object) => void;
  readonly #changed = new Set<string>();
  #timer: NodeJS.Timeout | null = null;

  constructor(told: ToldQuestions, tell: (message: object) => void) {
    this.#told = told;
    this.#tell = tell;
  }

  /** A question, or the flood of an agent, has changed. */
  changed(id: string | null): void {
    if (id !== null) this.#changed.add(id);
    this.#timer ??= setTimeout(() => this.#flush(), TELL_AGAIN_MS);
  }

  /** The question is closed: nothing more is told of it. */
  closed(id: string): void {
    this.#changed.delete(id);
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }

  #flush(): void {
    this.#timer = null;
    for (const id of this.#changed) {
      const question = this.#told.question(id);
      if (question) this.#tell(askMessage(question));
    }
    this.#changed.clear();
    for (const flood of this.#told.floods) this.#tell(floodMessage(flood));
  }
}
