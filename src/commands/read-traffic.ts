import type { EgressEvent } from '../core/event.ts';
import { describeProblem, type Problem } from '../core/problem.ts';
import { Traffic } from '../core/traffic.ts';
import { SourceError } from '../sources/trouble.ts';
import { eventSelection, systemsFor, type SourceOptions } from './common-options.ts';
import { LineDecoder } from './line-decoder.ts';
import { note } from './output.ts';
import { placesOf } from './places.ts';
import { openOnce, type LineStream } from './read-once.ts';
import { resolveSources } from './resolve-sources.ts';

/** What the sources hold now, counted. `failures` are those of whole sources: the totals then lack them. */
export interface ReadTraffic {
  readonly traffic: Traffic;
  readonly failures: readonly Problem[];
}

/** How a reading is stopped, and who else wants to see each event that was selected. */
export interface ReadingPorts {
  /** Aborts when nobody reads the result any more. */
  readonly closed: AbortSignal;
  readonly onEvent?: (event: EgressEvent) => void;
}

/** Reads the sources once, until their end or Ctrl-C, and tells on stderr which could not be read. */
export async function readTraffic(
  args: readonly string[],
  options: SourceOptions,
  { closed, onEvent }: ReadingPorts,
): Promise<ReadTraffic> {
  const now = Date.now();
  const selected = eventSelection(options, now);
  const decoder = new LineDecoder(systemsFor(options.system));
  const sources = await resolveSources(args, placesOf(options.stateDir));
  const { streams, problems } = await openOnce(sources, interruption(closed));
  const traffic = new Traffic();
  const failures = [...problems];
  for (const stream of streams) {
    const failure = await readInto(stream, decoder, {
      event: event => {
        if (!selected(event)) return;
        traffic.add(event, now);
        onEvent?.(event);
      },
      malformed: problem => traffic.addMalformed(problem),
    });
    if (failure) failures.push(failure);
  }
  for (const problem of failures) {
    note(describeProblem(problem));
    traffic.addProblem(problem);
  }
  return { traffic, failures };
}

async function readInto(
  stream: LineStream,
  decoder: LineDecoder,
  into: Parameters<LineDecoder['decode']>[1],
): Promise<Problem | null> {
  try {
    for await (const batch of stream.batches()) decoder.decode(batch, into);
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
