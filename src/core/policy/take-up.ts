import { visible } from '../visible.ts';
import type { PolicyEdit } from './dialect.ts';

/** The step by which a policy that was just written is taken up: the operator's command, or the product's own request. */
export interface TakeUp {
  /** As a person would type or read it: a command line, or `POST URL`. */
  readonly shown: string;
  readonly run: (edit: PolicyEdit) => Promise<TakeUpEnd>;
}

/**
 * How that ended. `ended`: `by` is what acknowledges it, `said` what is known then. `rejected`: the reader refused the text and keeps the
 * old policy. `failed`: nothing is known of it.
 */
export type TakeUpEnd =
  | { readonly type: 'ended'; readonly by: string; readonly said: string }
  | { readonly type: 'rejected' | 'failed'; readonly why: string };

/** Why a policy that was written is not in force, in one line. */
export const whyNotInForce = (
  { shown }: Pick<TakeUp, 'shown'>,
  { type, why }: Exclude<TakeUpEnd, { readonly type: 'ended' }>,
): string =>
  type === 'rejected'
    ? `REJECTED, the old policy stays: ${visible(why)}`
    : `not in force: ${visible(shown)} failed: ${visible(why)}`;
