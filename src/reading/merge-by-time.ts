import type { EgressEvent } from '../core/event.ts';
import type { Problem } from '../core/problem.ts';
import { SourceError } from '../sources/trouble.ts';
import type { Decoded, LineDecoder } from './line-decoder.ts';
import type { OnceSource } from './read-once.ts';

/** A stream's next event, and the time it goes by: its own, else that of the event before it. */
interface NextEvent {
  readonly event: EgressEvent;
  readonly at: number;
  readonly rest: AsyncIterator<EgressEvent>;
}

/**
 * Merges streams, oldest first; on ties the earlier stream goes first. Within a stream the order of its lines stays: a log is
 * written in time order or it is telling something. Holds one batch a stream.
 */
export async function* mergeByTime(
  streams: readonly OnceSource[],
  decoder: LineDecoder,
  onProblem: (problem: Problem) => void,
): AsyncGenerator<EgressEvent> {
  const heads: (NextEvent | null)[] = [];
  for (const stream of streams)
    heads.push(await next(eventsOf(stream, decoder, onProblem), Number.NEGATIVE_INFINITY));
  for (;;) {
    let oldest = -1;
    for (const [index, head] of heads.entries()) {
      if (head && (oldest === -1 || head.at < (heads[oldest]?.at ?? 0))) oldest = index;
    }
    const head = heads[oldest];
    if (!head) return;
    yield head.event;
    heads[oldest] = await next(head.rest, head.at);
  }
}

async function next(rest: AsyncIterator<EgressEvent>, before: number): Promise<NextEvent | null> {
  const { done, value } = await rest.next();
  return done === true ? null : { event: value, at: value.at ?? before, rest };
}

async function* eventsOf(
  { name, batches }: OnceSource,
  decoder: LineDecoder,
  onProblem: (problem: Problem) => void,
): AsyncGenerator<EgressEvent> {
  let events: EgressEvent[] = [];
  const decoded: Decoded = {
    event: event => events.push(event),
    unrecognised: event => events.push(event),
    malformed: onProblem,
    notice: onProblem,
  };
  try {
    for await (const batch of batches()) {
      decoder.decode(batch, decoded);
      yield* events;
      events = [];
    }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    onProblem(error.problem);
  }
  decoder.end(name, decoded);
  yield* events;
}
