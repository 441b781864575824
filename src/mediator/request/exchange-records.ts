import type { Mediation } from '../mediation.ts';
import { exchangeFields, type Exchange } from './exchange.ts';

/** Written before the answer's head is: a client that was answered at all is in the log, also when the mediator is killed in mid-answer. Returns why it could not be. */
export const recordAnswer = (mediation: Mediation, exchange: Exchange, status: number): string | null =>
  mediation.record({
    event: 'egress_answer',
    ...exchangeFields(exchange),
    status,
    mitm: exchange.scheme === 'https',
  });

/** What came of the request in the end. Returns why it could not be written. */
export const recordRequest = (mediation: Mediation, exchange: Exchange, outcome: object): string | null =>
  mediation.record({
    event: 'egress_request',
    ...exchangeFields(exchange),
    ...outcome,
    duration_ms: Math.round(mediation.now() - exchange.startedAt),
    mitm: exchange.scheme === 'https',
  });
