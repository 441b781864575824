import { setTimeout as pause } from 'node:timers/promises';
import type { PartialLog } from '../../../core/completeness.ts';
import { Failure } from '../../../core/failure.ts';
import { SourceError, trouble } from '../../trouble.ts';
import { connectNats, type NatsLink } from '../connect.ts';
import type { NatsCredentials } from '../credentials.ts';
import type { NatsAddress } from '../nats-address.ts';
import type { RecordLines, StreamReading } from './stream-reading.ts';
import { streamTrouble } from '../stream-messages.ts';

/** A reading to the end of what is there gives up once the server was away for so long. */
const AWAY_MS = 30_000;
const LOOK_MS = 100;

/** A stream of records, and how to reach it. */
export interface ReachableStream {
  /** As it is told. */
  readonly name: string;
  readonly reading: () => StreamReading;
  readonly address: NatsAddress;
  readonly credentials: () => Promise<NatsCredentials>;
}

export interface ReadRecordsOptions {
  readonly signal: AbortSignal;
  /** Hears at the end how far the records can be relied on. */
  readonly onPartial: (partial: PartialLog) => void;
  readonly awayMs?: number;
}

/** The records that stand in the stream now, oldest first. Throws a SourceError, after those that could be read, where that is not all. */
export async function* readRecords(
  source: ReachableStream,
  { signal, onPartial, awayMs = AWAY_MS }: ReadRecordsOptions,
): AsyncGenerator<RecordLines> {
  const reading = source.reading();
  const link = await linkTo(source, signal);
  try {
    for (;;) {
      try {
        for await (const batch of reading.pass(link, signal)) {
          if (batch.lines.length > 0) yield batch;
          if (batch.pending === 0) return;
        }
      } catch (error) {
        if (signal.aborted) return;
        if (link.isUp()) throw streamTrouble(error, source.name);
      }
      if (signal.aborted) return;
      await untilUp(link, { source, signal, awayMs });
    }
  } finally {
    onPartial(reading.partial());
    await link.close();
  }
}

async function linkTo(
  { address, credentials, name }: ReachableStream,
  signal: AbortSignal,
): Promise<NatsLink> {
  try {
    return await connectNats(address, {
      credentials: await credentials(),
      name: 'egresstop',
      isPatient: false,
      signal,
    });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new SourceError(trouble(name, error.message, error.remedy ?? 'check the server'));
  }
}

interface Waiting {
  readonly source: ReachableStream;
  readonly signal: AbortSignal;
  readonly awayMs: number;
}

async function untilUp(link: NatsLink, { source, signal, awayMs }: Waiting): Promise<void> {
  const deadline = performance.now() + awayMs;
  while (!link.isUp() && !signal.aborted) {
    if (performance.now() > deadline)
      throw new SourceError(trouble(source.name, 'the connection was lost in the middle', 'read it again'));
    await pause(LOOK_MS);
  }
}
