import type { Mediation } from '../mediation.ts';
import { exchangeFields, type Exchange } from './exchange.ts';

/** Written before the answer's head is: a client that was answered at all is in the log, also when the mediator is killed in mid-answer. Returns why it could not be. */
export const recordAnswer = (mediation: Mediation, exchange: Exchange, status: number): string | null =>
  mediation.record({
    event: 'egress_response',
    ...exchangeFields(exchange),
    status,
    mitm: exchange.scheme === 'https',
  });

/** Records the outcome of a request. Returns why it could not be written. */
export const recordRequest = (mediation: Mediation, exchange: Exchange, outcome: object): string | null =>
  mediation.record({
    event: 'egress_request',
    ...exchangeFields(exchange),
    ...outcome,
    duration_ms: Math.round(mediation.now() - exchange.startedAt),
    mitm: exchange.scheme === 'https',
  });

/** Records the permit of a request once its connection stands and nothing was sent. Returns why it could not be recorded, else null. */
export type PermitRecorder = (dst: string) => string | null;

/** The reason for giving a request up whose permit could not be recorded. */
class UnrecordedPermit extends Error {
  override readonly name = 'UnrecordedPermit';
}

/** Gives a request up before anything is sent, where its permit could not be recorded. */
export const unlessUnrecorded =
  (record: PermitRecorder, abandoned: AbortController) =>
  (dst: string): void => {
    const why = record(dst);
    if (why !== null) abandoned.abort(new UnrecordedPermit(why));
  };

/** Why the permit of a given-up request could not be recorded; null where it was given up for another reason. */
export const unrecordedBy = ({ reason }: AbortSignal): string | null =>
  reason instanceof UnrecordedPermit ? reason.message : null;
