import { availableParallelism } from 'node:os';
import type { Traffic } from '../../core/traffic.ts';
import { openInRanges } from '../../sources/line-ranges.ts';
import { systemsFor } from '../common-options.ts';
import { BulkCounter } from './bulk-counter.ts';
import { countRanges } from './count-ranges.ts';
import { RangeCounter } from './range-counter.ts';
import { RangeThread } from './range-thread.ts';
import type { OnceSource } from './read-once.ts';
import { spareMemoryFor } from './spare-memory.ts';

const MIB = 1_024 * 1_024;
/**
 * Threads that count one file; more would wait for memory. One core is left to whatever writes the log: with both of two cores taken,
 * 300 MB took as long as on one thread (0.97 s), a third more CPU, and with 200,000 hosts twice the memory.
 */
const MAX_THREADS = 4;
/** Smaller files are counted before a second thread has started and paid. */
const LARGE = 128 * MIB;
/** What the first thread counts until the others have started: 0.1 s. */
const HEAD_START = 24 * MIB;
/** A thread's sums wait until the ranges before are added: in a log of ever new hosts there are as many as lines. */
const MAX_RANGE = 192 * MIB;

/** Counts a source into the traffic. */
export type Count = (traffic: Traffic, source: OnceSource, signal: AbortSignal) => Promise<void>;

/** Counts by bytes, without an event being made of each line: a large file in several threads. */
export function byteCount(system: string | undefined): Count {
  return async (traffic, source, signal) => {
    const threads = Math.min(MAX_THREADS, availableParallelism() - 1);
    const file =
      source.isFile && threads > 1 ? await openInRanges(source.name, size => cutsOf(size, threads)) : null;
    if (!file) return countWhole(traffic, source, system, signal);
    const start = { source: source.name, fd: file.fd, system };
    const others = file.ranges.slice(1, threads).map(() => new RangeThread(start, signal));
    const own = (): RangeCounter => new RangeCounter({ ...start, systems: systemsFor(system), signal });
    try {
      await countRanges({ ranges: file.ranges, counters: [own(), ...others], instead: own, signal }, traffic);
    } finally {
      await Promise.all(others.map(thread => thread.stop()));
      await file.close();
    }
  };
}

/** As many equal ranges as threads, or a multiple of them, behind the head start. */
function cutsOf(size: number, threads: number): readonly number[] {
  if (size < LARGE) return [];
  const shared = size - HEAD_START;
  const count = threads * Math.ceil(shared / (threads * MAX_RANGE));
  return Array.from({ length: count - 1 }, (_, index) => HEAD_START + (shared * (index + 1)) / count).map(
    Math.floor,
  );
}

async function countWhole(
  traffic: Traffic,
  { name, bytes }: OnceSource,
  system: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const counter = new BulkCounter({
    source: name,
    systems: systemsFor(system),
    measuresDurations: false,
    sum: sum => traffic.addSum(sum),
    malformed: problem => traffic.addMalformed(problem),
  });
  try {
    for await (const chunk of bytes()) {
      counter.push(chunk);
      spareMemoryFor(traffic.hosts.size);
    }
    if (!signal.aborted) counter.end();
  } finally {
    counter.flush();
  }
}
