import type { WriteStream } from 'node:tty';
import { ASK_BACKGROUND, type Background } from './background.ts';
import type { TerminalInput } from './terminal-input.ts';

/** How long a terminal may take to answer, ms. Later answers are passed over. */
const ANSWER_WITHIN_MS = 500;

/** A terminal that was asked for its background. */
export interface BackgroundQuestion {
  /** Takes what the terminal told. The first answer in time counts. */
  readonly answer: (background: Background) => void;
  /** Settles when the terminal has answered, or its time is over. Who reads the terminal before that takes the answer for keys. */
  readonly ended: Promise<void>;
  /** Waits no longer. */
  readonly stop: () => void;
}

/** Asks the terminal, whose answer comes through `input`. The terminal must be in raw mode: it would echo the answer else. */
export function askBackground(
  stdout: Pick<WriteStream, 'write'>,
  input: TerminalInput,
  onLight: () => void,
): BackgroundQuestion {
  const over = Promise.withResolvers<void>();
  const stop = (): void => {
    input.isAnswerDue = false;
    clearTimeout(timer);
    over.resolve();
  };
  const timer = setTimeout(stop, ANSWER_WITHIN_MS);
  input.isAnswerDue = true;
  stdout.write(ASK_BACKGROUND);
  return {
    answer: background => {
      if (!input.isAnswerDue) return;
      stop();
      if (background === 'light') onLight();
    },
    ended: over.promise,
    stop,
  };
}
