import { setTimeout as pause } from 'node:timers/promises';
import { join } from 'node:path';
import { tokenOf } from '../../../core/fleet/counters/token.ts';
import { describePartialLog } from '../../../core/completeness.ts';
import { plural } from '../../../core/grouped.ts';
import { describeProblem } from '../../../core/problem.ts';
import { Failure, misuse } from '../../../core/failure.ts';
import { parseDuration } from '../../../core/time.ts';
import { systemsFor, type SystemChoice } from '../../../reading/selection.ts';
import type { NatsFlags } from '../../../sources/nats/credential-files.ts';
import { fleetTenant, parseNatsAddress, shownAddress } from '../../../sources/nats/nats-address.ts';
import { followRecords } from '../../../sources/nats/records/follow-records.ts';
import { readRecords, type ReachableStream } from '../../../sources/nats/records/read-records.ts';
import type { SourceListener } from '../../../sources/source.ts';
import { SourceError } from '../../../sources/trouble.ts';
import { note } from '../../output.ts';
import { placesOf } from '../../places.ts';
import { natsCredentials } from '../nats-options.ts';
import { Archiver } from './archiver.ts';
import { ArchiveReading } from './archive-reading.ts';

/** The flags of `archive`, as the command line gives them. */
export interface ArchiveOptions extends NatsFlags, SystemChoice {
  readonly dir: string;
  readonly once?: true;
  readonly every?: string;
}

const USUAL_EVERY = '60s';

/** Writes the records that machines ship into Parquet files, on and on, or with `--once` those that are there. Exit 1 when it could not. */
export async function archive(address: string, options: ArchiveOptions): Promise<number> {
  const server = parseNatsAddress(address);
  const tenant = fleetTenant(server);
  const everyMs = everyOf(options.every ?? USUAL_EVERY);
  const folder = join(options.dir, tokenOf(tenant));
  const archiver = await Archiver.open(folder, systemsFor(options));
  const name = shownAddress(server);
  const ending = new AbortController();
  const end = (): void => ending.abort();
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  let failure: Failure | null = null;
  const reading = new ArchiveReading({
    name,
    tenant,
    archiver,
    tell: note,
    failed: found => {
      failure = found;
      end();
    },
  });
  const source: ReachableStream = {
    name,
    address: server,
    credentials: () => natsCredentials(options, placesOf(undefined)),
    reading: () => reading,
  };
  const problem = await (options.once === true
    ? readOnce(source, ending.signal)
    : followOn(source, {
        archiver,
        everyMs,
        signal: ending.signal,
        failed: found => (failure = found),
        end,
      }));
  if (failure === null) await archiver.commit();
  const partial = reading.partial();
  if (partial.completeness.type === 'lossy') note(`${name}: ${describePartialLog(partial)}`);
  note(`${folder}: ${plural(archiver.archived, 'record')} added`);
  if (failure !== null) throw failure;
  if (problem !== null) throw new Failure(problem);
  return 0;
}

/** Null when all that is there was read; else why not. */
async function readOnce(source: ReachableStream, signal: AbortSignal): Promise<string | null> {
  try {
    for await (const batch of readRecords(source, { signal, onPartial: () => undefined })) void batch;
    return null;
  } catch (error) {
    if (error instanceof SourceError) return describeProblem(error.problem);
    throw error;
  }
}

interface Following {
  readonly archiver: Archiver;
  readonly everyMs: number;
  readonly signal: AbortSignal;
  readonly failed: (failure: Failure) => void;
  readonly end: () => void;
}

/** Goes on until it is told to end, or the archive cannot be written. */
async function followOn(
  source: ReachableStream,
  { archiver, everyMs, signal, failed, end }: Following,
): Promise<null> {
  let told: string | null = null;
  const listener: SourceListener = {
    lines: () => undefined,
    status: ({ why, state }) => {
      if (why !== null && why !== told && state !== 'live') note(`${source.name}: ${why}`);
      told = why;
    },
  };
  note(`archives ${source.name}`);
  const following = followRecords(source, listener);
  while (!signal.aborted) {
    await pause(everyMs, undefined, { signal }).catch(() => undefined); // it was told to end
    try {
      await archiver.commit();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failed(error);
      end();
    }
  }
  await following.stop();
  return null;
}

function everyOf(text: string): number {
  const everyMs = parseDuration(text);
  if (everyMs === null || everyMs < 1_000 || everyMs > 3_600_000)
    throw misuse(`--every wants a duration from 1s to 1h: ${text}`);
  return everyMs;
}
