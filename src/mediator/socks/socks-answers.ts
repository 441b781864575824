import type { Refusal } from '../request/refusal.ts';
import type { TunnelAnswers } from '../tunnel/tunnel-answers.ts';
import { SOCKS_VERSION } from './read-socks.ts';

/** The codes of RFC 1928 §6 that are sent here. */
export const SOCKS_REPLY = {
  succeeded: 0,
  failure: 1,
  notAllowed: 2,
  networkUnreachable: 3,
  hostUnreachable: 4,
  refused: 5,
  expired: 6,
  unknownCommand: 7,
  unknownAddress: 8,
} as const;

/** A reply without a bound address: the mediator's own address is nobody's business, and clients do not use it. */
export const socksReply = (code: number): Buffer =>
  Buffer.from([SOCKS_VERSION, code, 0, 1, 0, 0, 0, 0, 0, 0]);

/** How a SOCKS5 client is told what became of its tunnel: by a code alone, for there is no place for a reason. */
export const SOCKS_ANSWERS: TunnelAnswers = {
  established: socksReply(SOCKS_REPLY.succeeded),
  refused: refusal => socksReply(codeOf(refusal)),
};

/** The names of failed system calls, and their codes. */
const FAILURES: readonly (readonly [RegExp, number])[] = [
  [/ECONNREFUSED/, SOCKS_REPLY.refused],
  [/ENETUNREACH/, SOCKS_REPLY.networkUnreachable],
  [/ETIMEDOUT|no answer within/, SOCKS_REPLY.expired],
];

function codeOf({ status, reason }: Refusal): number {
  if (status === 403) return SOCKS_REPLY.notAllowed;
  if (status !== 502) return SOCKS_REPLY.failure;
  return FAILURES.find(([words]) => words.test(reason))?.[1] ?? SOCKS_REPLY.hostUnreachable;
}
