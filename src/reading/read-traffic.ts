import type { PartialLog } from '../core/completeness.ts';
import type { EgressEvent } from '../core/event.ts';
import type { MachineState } from '../core/fleet/counters/machine-state.ts';
import { fleetAddress } from '../sources/nats/fleet-address.ts';
import type { ReadFleet } from './read-fleet.ts';
import type { Problem } from '../core/problem.ts';
import type { Groups } from '../core/traffic/groups.ts';
import { LIMITS } from '../core/limits.ts';
import { untimedNote } from '../core/traffic/source-totals.ts';
import { Traffic } from '../core/traffic/traffic.ts';
import { SourceError } from '../sources/trouble.ts';
import { countByBytes, type Count } from './by-bytes/count-by-bytes.ts';
import {
  eventSelection,
  refuseSelectionOfSums,
  selects,
  systemsFor,
  type SourceOptions,
  type SystemChoice,
} from './selection.ts';
import { withAgents, type NamedAgents } from './named-agents.ts';
import { LineDecoder, type Decoded } from './line-decoder.ts';
import type { Places } from '../systems/system.ts';
import { openOnce, type OnceSource } from './read-once.ts';
import { resolveSources, type ResolvedSources } from './resolve-sources.ts';
import { decisionsAndRecords, silenceOf } from './silence.ts';
import { spareMemoryFor } from './spare-memory.ts';

/** The present content of the sources, counted. `failures` are those of whole sources: the totals then lack them. */
export interface ReadTraffic {
  readonly traffic: Traffic;
  readonly failures: readonly Problem[];
  /** The machines of the fleets that were read; null where none was named. */
  readonly machines: readonly MachineState[] | null;
  /** The names of the sources that were read. */
  readonly names: readonly string[];
  /** The streams that by design may not hold every record. */
  readonly partial: readonly PartialLog[];
  /** Whether there were lines and not one of them could be read. */
  readonly isUnreadable: boolean;
  /** Whether not a single line was read. */
  readonly isNothingRead: boolean;
}

/** How a reading is stopped, who else wants to see each event that was selected, and how much is wanted. */
export interface ReadingPorts {
  readonly places: Places;
  /** Told of each source that could not be read to its end. */
  readonly tell: (problem: Problem) => void;
  /** Aborts when nobody reads the result any more. */
  readonly closed: AbortSignal;
  readonly onEvent?: (event: EgressEvent) => void;
  /** Counts only what a report shows: no event, chart or denials of a host are kept, and its newest address need not be the newest. */
  readonly countsAlone?: true;
  /** Counts by combinations of names too. */
  readonly groups?: Groups | null;
  /** Is read instead of all other sources. */
  readonly archive?: OnceSource | null;
}

/** Reads the sources once, until their end or Ctrl-C. */
export async function readTraffic(
  args: readonly string[],
  options: SourceOptions,
  { places, tell, closed, onEvent, countsAlone, groups = null, archive = null }: ReadingPorts,
): Promise<ReadTraffic> {
  const sources = archive ? NO_SOURCES : await resolveSources(args, places, systemsFor(options));
  refuseSelectionOfSums(sources.specs, options);
  const count =
    countsAlone && !selects(options) && !archive
      ? countByBytes(choiceOf(options), sources.agents)
      : eventCount(options, sources.agents, onEvent);
  const stopped = interruption(closed);
  const addresses = sources.specs.flatMap(spec => fleetAddress(spec) ?? []);
  const specs = sources.specs.filter(spec => fleetAddress(spec) === null);
  const { streams: opened, problems } = await openOnce({ ...sources, specs }, stopped);
  const streams = archive ? [archive] : opened;
  const traffic = new Traffic(LIMITS, groups, !countsAlone);
  const failures = [...problems];
  const fleets: ReadFleet[] = [];
  for (const address of addresses) {
    const { readFleet } = await import('./read-fleet.ts');
    const fleet = await readFleet(address, traffic, places);
    fleets.push(fleet);
    failures.push(...fleet.problems);
  }
  for (const stream of streams) {
    const before = decisionsAndRecords(traffic);
    const failure = await failureOf(count(traffic, stream, stopped));
    if (failure) failures.push(failure);
    const silence = selects(options) ? null : silenceOf(stream.name, before, decisionsAndRecords(traffic));
    if (silence) failures.push(silence);
  }
  for (const problem of failures) {
    tell(problem);
    traffic.addProblem(problem);
  }
  const { records } = decisionsAndRecords(traffic);
  const isUnreadable = records === 0 && traffic.malformed > 0;
  const isNothingRead = records === 0 && traffic.malformed === 0;
  const names = streams.map(({ name }) => name);
  const partial = [
    ...streams.flatMap(stream => stream.partial?.() ?? []),
    ...fleets.flatMap(fleet => fleet.partial ?? []),
  ];
  const machines = fleets.length === 0 ? null : fleets.flatMap(fleet => fleet.machines);
  return { traffic, machines, failures, names, partial, isUnreadable, isNothingRead };
}

/** Beside an archive nothing is read. */
const NO_SOURCES: ResolvedSources = {
  specs: [],
  workspace: null,
  wasDiscovered: false,
  discovered: [],
  history: [],
  mayBeAbsent: new Set(),
  agents: new Map(),
  meant: new Map(),
};

/** The flags that say whose records are read: no others go to a thread. */
const choiceOf = ({ system, maps }: SourceOptions): SystemChoice => ({
  ...(system === undefined ? {} : { system }),
  ...(maps === undefined ? {} : { maps }),
});

function eventCount(
  options: SourceOptions,
  agents: NamedAgents,
  onEvent?: (event: EgressEvent) => void,
): Count {
  const now = Date.now();
  let untimed = 0;
  const isSelected = eventSelection(options, now, () => (untimed += 1));
  const decoder = new LineDecoder(withAgents(systemsFor(options), agents));
  return async (traffic, { name, batches }) => {
    const decoded: Decoded = {
      event: event => {
        if (!isSelected(event)) return;
        traffic.add(event, now);
        onEvent?.(event);
      },
      malformed: problem => traffic.addMalformed(problem),
      unrecognised: (event, record) => {
        if (isSelected(event)) traffic.addUnrecognised(event, record);
      },
      notice: problem => traffic.addProblem(problem),
    };
    const sources = new Set([name]);
    try {
      for await (const batch of batches()) {
        sources.add(batch.source);
        decoder.decode(batch, decoded);
        spareMemoryFor(traffic.hosts.size);
      }
    } finally {
      for (const source of sources) decoder.end(source, decoded);
    }
    const why = untimedNote(untimed);
    untimed = 0;
    if (why !== null)
      traffic.addProblem({
        source: name,
        line: null,
        column: null,
        severity: 'warning',
        why,
        remedy: 'correct the times, or leave the window out',
      });
  };
}

/** Why a source could not be read to its end; null when it was. */
async function failureOf(reading: Promise<void>): Promise<Problem | null> {
  try {
    await reading;
    return null;
  } catch (error) {
    if (error instanceof SourceError) return error.problem;
    throw error;
  }
}

/** Aborts on Ctrl-C, once: what was read until then is reported; a second Ctrl-C ends the program. Also when nobody reads any more. */
export function interruption(closed: AbortSignal): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  return AbortSignal.any([controller.signal, closed]);
}
