import type { OriginClient, OutgoingRequest } from './origin-client.ts';

/**
 * An origin for one exchange that can be cut off. It then fails with the error that the signal was aborted with, even in the middle of a
 * body.
 */
export function revocableOrigin(origin: OriginClient, cut: AbortSignal): OriginClient {
  const revocable = (request: OutgoingRequest): OutgoingRequest => ({
    ...request,
    signal: AbortSignal.any([request.signal, cut]),
  });
  return {
    send: async request => {
      const answer = await orReason(origin.send(revocable(request)), cut);
      cut.addEventListener('abort', () => answer.body.destroy(reasonOf(cut)), { once: true });
      return answer;
    },
    upgrade: async (request, protocol) => {
      const upgraded = await orReason(origin.upgrade(revocable(request), protocol), cut);
      const stream = upgraded.type === 'switched' ? upgraded.socket : upgraded.response.body;
      cut.addEventListener('abort', () => stream.destroy(reasonOf(cut)), { once: true });
      return upgraded;
    },
    close: () => origin.close(),
  };
}

/** The outcome, or why it was cut off rather than how that looked on the socket. */
async function orReason<Outcome>(outcome: Promise<Outcome>, cut: AbortSignal): Promise<Outcome> {
  try {
    return await outcome;
  } catch (error) {
    throw cut.aborted ? reasonOf(cut) : error;
  }
}

const reasonOf = ({ reason }: AbortSignal): Error =>
  reason instanceof Error ? reason : new Error(String(reason));
