import { visible } from '../visible.ts';
import type { PolicyEdit } from './dialect.ts';

/** The step that makes a system load a policy after a write: the operator's command, or a request to the product. */
export interface TakeUp {
  /** The step in readable form: a command line, or `POST URL`. */
  readonly shown: string;
  readonly run: (edit: PolicyEdit) => Promise<TakeUpEnd>;
}

/**
 * The result of the step. `ended`: it was done; `said` describes the state, `by` names what confirms it. `rejected`: the system refused the
 * text and keeps the old policy. `failed`: the outcome is unknown.
 */
export type TakeUpEnd =
  | { readonly type: 'ended'; readonly by: string; readonly said: string }
  | { readonly type: 'rejected' | 'failed'; readonly why: string };

/** One line that says why a written policy is not in force. */
export const whyNotInForce = (
  { shown }: Pick<TakeUp, 'shown'>,
  { type, why }: Exclude<TakeUpEnd, { readonly type: 'ended' }>,
): string =>
  type === 'rejected'
    ? `REJECTED, the old policy stays: ${visible(why)}`
    : `not in force: ${visible(shown)} failed: ${visible(why)}`;
