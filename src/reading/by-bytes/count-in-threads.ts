import { openInRanges } from '../../sources/lines/line-ranges.ts';
import type { Traffic } from '../../core/traffic/traffic.ts';
import { withAgents, type NamedAgents } from '../named-agents.ts';
import { systemsFor, type SystemChoice } from '../selection.ts';
import { countRanges } from './count-ranges.ts';
import { RangeCounter } from './range-counter.ts';
import { RangeThread } from './range-thread.ts';

const MIB = 1_024 * 1_024;
/** Smaller files are counted before a second thread has started and paid. */
const LARGE = 128 * MIB;
/** The bytes that the first thread counts until the others have started: 0.1 s. */
const HEAD_START = 24 * MIB;
/** A thread's sums wait until the ranges before are added: in a log of ever new hosts there are as many as lines. */
const MAX_RANGE = 192 * MIB;

export interface Threading {
  readonly choice: SystemChoice;
  readonly agents: NamedAgents;
  readonly threads: number;
  readonly signal: AbortSignal;
}

/** Counts a large file in several threads; false where it is not large, or not to be read in parts: then nothing was counted. */
export async function countInThreads(
  traffic: Traffic,
  path: string,
  { choice, agents, threads, signal }: Threading,
): Promise<boolean> {
  const file = await openInRanges(path, size => cutsOf(size, threads));
  if (!file) return false;
  const start = { source: path, fd: file.fd, choice, agents };
  const others = file.ranges.slice(1, threads).map(() => new RangeThread(start, signal));
  const own = (): RangeCounter =>
    new RangeCounter({ ...start, systems: withAgents(systemsFor(choice), agents), signal });
  try {
    await countRanges({ ranges: file.ranges, counters: [own(), ...others], instead: own, signal }, traffic);
  } finally {
    await Promise.all(others.map(thread => thread.stop()));
    await file.close();
  }
  return true;
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
