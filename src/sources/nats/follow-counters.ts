import { setTimeout as pause } from 'node:timers/promises';
import { subjectsOfTenant } from '../../core/fleet/counters/counter-subject.ts';
import type { FleetCounters } from '../../core/fleet/counters/fleet-counters.ts';
import type { NatsLink } from './connect.ts';
import { COUNTER_STREAM, decodeDocument } from './counter-stream.ts';
import { streamMessages, streamState, streamTrouble } from './stream-messages.ts';

/** How often a stream is asked for again that is not there, or that may not be read. */
const AGAIN_MS = 2_000;

/** Hears how the reading of counters goes. */
export interface CounterNews {
  /** Documents were taken; `pending` more stand on the server. Null where the server has no counters yet. */
  readonly taken: (pending: number | null) => void;
  /** The counters cannot be read now, and are asked for again. */
  readonly trouble: (why: string, remedy: string) => void;
}

/** Takes up the newest documents of a tenant and then each that comes, until `signal` aborts. After every loss of the connection all are read again. */
export async function followCounters(
  link: NatsLink,
  {
    counters,
    news,
    signal,
  }: { readonly counters: FleetCounters; readonly news: CounterNews; readonly signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted) {
    try {
      if ((await streamState(link.connection, COUNTER_STREAM)) === null) news.taken(null);
      else await takeAll(link, { counters, news, signal });
    } catch (error) {
      if (signal.aborted) return;
      const { problem } = streamTrouble(error, COUNTER_STREAM);
      if (link.isUp()) news.trouble(problem.why, problem.remedy ?? '');
    }
    await pause(AGAIN_MS, undefined, { signal }).catch(() => undefined); // it was stopped: the loop ends
  }
}

/** Takes up what stands on the server now. Throws what the library throws. */
export async function readCounters(link: NatsLink, counters: FleetCounters): Promise<void> {
  if ((await streamState(link.connection, COUNTER_STREAM)) === null) return;
  const read = new AbortController();
  const news = {
    taken: (pending: number | null) => {
      if (pending === 0 || pending === null) read.abort();
    },
    trouble: () => undefined,
  };
  await takeAll(link, { counters, news, signal: read.signal });
  if (!read.signal.aborted) throw new Error('the connection was lost in the middle');
}

async function takeAll(
  link: NatsLink,
  {
    counters,
    news,
    signal,
  }: { readonly counters: FleetCounters; readonly news: CounterNews; readonly signal: AbortSignal },
): Promise<void> {
  const part = {
    stream: COUNTER_STREAM,
    subject: subjectsOfTenant(counters.tenant),
    from: 'newest',
  } as const;
  for await (const message of streamMessages(link.connection, part, signal)) {
    if (message === null) {
      news.taken(0);
      continue;
    }
    const document = decodeDocument(message.data);
    if (document.type === 'refused') counters.refuse(document.why);
    else counters.take(message.subject, { document, stored: message.at });
    news.taken(message.pending);
    if (signal.aborted) return;
  }
}
