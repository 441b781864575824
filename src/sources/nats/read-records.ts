import { setTimeout as pause } from 'node:timers/promises';
import type { PartialLog } from '../../core/completeness.ts';
import { Failure } from '../../core/failure.ts';
import type { Line } from '../source.ts';
import { SourceError, trouble } from '../trouble.ts';
import { connectNats, type NatsLink } from './connect.ts';
import type { NatsCredentials } from './credentials.ts';
import type { NatsAddress } from './nats-address.ts';
import { RecordReading, type RecordSource } from './record-reading.ts';
import { streamTrouble } from './stream-messages.ts';

/** A reading to the end of what is there gives up once the server was away for so long. */
const AWAY_MS = 30_000;
const LOOK_MS = 100;

/** A stream of records, and how to reach it. */
export interface ReachableStream extends RecordSource {
  readonly address: NatsAddress;
  readonly credentials: () => Promise<NatsCredentials>;
}

export interface ReadRecordsOptions {
  readonly signal: AbortSignal;
  /** Hears at the end how far the records can be relied on. */
  readonly onPartial: (partial: PartialLog) => void;
  readonly awayMs?: number;
}

/** The records that stand in the stream now, a line each, oldest first. Throws a SourceError, after those that could be read, where that is not all. */
export async function* readRecords(
  source: ReachableStream,
  { signal, onPartial, awayMs = AWAY_MS }: ReadRecordsOptions,
): AsyncGenerator<Buffer> {
  const reading = new RecordReading(source);
  const link = await linkTo(source, signal);
  try {
    for (;;) {
      try {
        for await (const { lines, pending } of reading.pass(link, signal)) {
          if (lines.length > 0) yield bytesOf(lines);
          if (pending === 0) return;
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
  readonly source: RecordSource;
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

/** Of a line too long to be held only its length is known: as many blanks are as long. */
const bytesOf = (lines: readonly Line[]): Buffer =>
  Buffer.concat(
    lines.map(line =>
      typeof line === 'string' ? Buffer.from(`${line}\n`) : Buffer.alloc(line.bytes + 1, ' ').fill('\n', -1),
    ),
  );
