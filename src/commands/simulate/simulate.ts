import type { EgressEvent } from '../../core/event.ts';
import type { MediationMode } from '../../core/policy/dialect.ts';
import { describePartialLog } from '../../core/completeness.ts';
import { describeFault } from '../../core/problem.ts';
import { Simulation } from '../../core/what-if/simulation.ts';
import { simulationNotes } from '../../report/simulation-notes.ts';
import { SourceError } from '../../sources/trouble.ts';
import type { System } from '../../systems/system.ts';
import { AtomicFile } from '../atomic-file.ts';
import { eventSelection, systemsFor } from '../../reading/selection.ts';
import { Failure } from '../../core/failure.ts';
import { FlaggedSpool } from './flagged-spool.ts';
import { withAgents } from '../../reading/named-agents.ts';
import { commonMode, mediatorsOf } from '../../reading/mediators.ts';
import { LineDecoder } from '../../reading/line-decoder.ts';
import { NameLookup } from './name-lookup.ts';
import { Output, say } from '../output.ts';
import { partialLogs } from '../../reading/partial-logs.ts';
import { tellZone } from '../zone-note.ts';
import { placesOf } from '../places.ts';
import { printSimulation } from './print-simulation.ts';
import { refuseBareWords } from '../../reading/bare-words.ts';
import { openOnce } from '../../reading/read-once.ts';
import { interruption } from '../../reading/read-traffic.ts';
import { resolveSources, type ResolvedSources } from '../../reading/resolve-sources.ts';
import { takeLive } from './live.ts';
import { checkSimulateOptions, type SimulateOptions } from './options.ts';
import { SimulationRun, type ReplaySink } from './simulation-run.ts';
import { simulatedPolicies, type SimulatedPolicies } from './simulated-policies.ts';

/**
 * Judges recorded events, or those that arrive within a time, by a policy. It prints the output of `aasm policy simulate`. Exit 1 for a
 * denial, for an event that could not be evaluated, and if policy or log cannot be read. With `--compare-to`, exit 1 if the other policy
 * allows what this one denies.
 */
export async function simulate(options: SimulateOptions): Promise<number> {
  const durationMs = checkSimulateOptions(options);
  const isSelected = eventSelection(options, Date.now());
  tellZone(options, text => say(`note: ${text}`));
  const [against, places] = [options.against ?? [], placesOf(options.stateDir, options)];
  if (options.live === true) await refuseBareWords(against, places);
  const systems = systemsFor(options.maps === undefined ? {} : { maps: options.maps });
  const sources = await resolveSources(against, places, systems);
  const policies = await simulatedPolicies(options, await modeOfWorkspaces(sources, systems, options));
  if (policies === 'unreadable') return 1;
  if (sources.specs.length === 0) throw new Failure('nothing was discovered: name a source with --against');
  const output = new Output();
  const simulation = policies && new Simulation(policies.question);
  const lookup = options.dns === true ? new NameLookup() : null;
  await using flagged = new FlaggedSpool();
  await using replay = await openReplay(options.exportReplay, output);
  await using reportFile =
    options.outputFile === undefined ? null : await AtomicFile.create(options.outputFile);
  const run = simulationRun({ simulation, flagged, lookup, replay, isSelected, systems }, sources);
  const hasReadAll = await takeLines({ sources, durationMs }, run, interruption(output.signal));
  await replay?.commit();
  if (replay && run.malformed > 0)
    say(`note: ${run.malformed} line(s) hold no event: they are not in the replay file`);
  if (run.unrecognised > 0) say(`note: ${run.unrecognised} record(s) of no known system were not ruled on`);
  if (!simulation || !policies) return hasReadAll ? 0 : 1;
  if (!hasReadAll && simulation.total === 0) return 1;
  await printSimulation(simulation, { flagged, reportFile, output, options });
  tellNotes(simulation, policies, { lookup, options });
  return hasReadAll ? exitOf(simulation) : 1;
}

/** The mode of the workspaces in the sources. Null if a flag sets the mode, or if the workspaces differ. */
async function modeOfWorkspaces(
  sources: ResolvedSources,
  systems: readonly System[],
  { mode, stateDir }: SimulateOptions,
): Promise<MediationMode | null> {
  if (mode !== undefined) return null;
  return commonMode(await mediatorsOf(systems, placesOf(stateDir), sources));
}

interface RunParts {
  readonly simulation: Simulation | null;
  readonly flagged: FlaggedSpool;
  readonly lookup: NameLookup | null;
  readonly replay: ReplaySink | null;
  readonly isSelected: (event: EgressEvent) => boolean;
  readonly systems: readonly System[];
}

const simulationRun = (parts: RunParts, { agents }: ResolvedSources): SimulationRun =>
  new SimulationRun({ ...parts, decoder: new LineDecoder(withAgents(parts.systems, agents)) });

/** Takes the existing lines, or those that arrive within that time. False if a source could not be read. */
async function takeLines(
  { sources, durationMs }: { readonly sources: ResolvedSources; readonly durationMs: number | null },
  run: SimulationRun,
  stopped: AbortSignal,
): Promise<boolean> {
  if (durationMs === null) return takeAll(sources, run, stopped);
  const unread = await takeLive({ specs: sources.specs, durationMs, run, stopped });
  for (const source of unread) say(`error: failed to read audit log: ${source}`, 'unreadable-source');
  return unread.length === 0;
}

/** Reads the sources to their end, one after the other. False if one could not be read, which is reported. */
async function takeAll(sources: ResolvedSources, run: SimulationRun, stopped: AbortSignal): Promise<boolean> {
  const { streams, problems } = await openOnce(sources, stopped);
  const failures = [...problems];
  for (const stream of streams) {
    try {
      for await (const batch of stream.batches()) {
        if (stopped.aborted) break;
        await run.take(batch);
      }
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      failures.push(error.problem);
    }
    await run.end(stream.name);
  }
  for (const log of streams.flatMap(stream => stream.partial?.() ?? []))
    say(`note: ${log.log}: ${describePartialLog(log)}`);
  for (const log of await partialLogs(
    streams.map(({ name }) => name),
    run.systems,
  ))
    say(`note: ${log.log}: ${describePartialLog(log)}`);
  if (stopped.aborted) say('note: interrupted: this is about what was read until then');
  for (const problem of failures)
    say(`error: failed to read audit log: ${describeFault(problem)}`, 'unreadable-source');
  return failures.every(problem => problem.severity !== 'error');
}

type OpenReplay = ReplaySink & { readonly commit: () => Promise<void> } & AsyncDisposable;

async function openReplay(path: string | undefined, output: Output): Promise<OpenReplay | null> {
  if (path === undefined) return null;
  const nothing = async (): Promise<void> => undefined;
  if (path === '-')
    return { write: text => output.text(text), commit: nothing, [Symbol.asyncDispose]: nothing };
  return AtomicFile.create(path);
}

function tellNotes(
  simulation: Simulation,
  { warnings, workspaceMode }: SimulatedPolicies,
  { lookup, options }: { readonly lookup: NameLookup | null; readonly options: SimulateOptions },
): void {
  if (workspaceMode !== null)
    say(`note: judged in ${workspaceMode} mode, as the workspace runs (--mode names another)`);
  for (const line of simulationNotes(simulation, options.changes === true)) say(line);
  if (warnings > 0) say(`note: ${warnings} warning(s) about the policy: see egresstop policy check`);
  if (lookup && lookup.failures > 0) say(`note: ${lookup.failures} name(s) could not be resolved`);
}

function exitOf({ counts, comparison }: Simulation): 0 | 1 {
  if (counts.error > 0) return 1;
  if (comparison === null) return counts.deny > 0 ? 1 : 0;
  return comparison.directions().some(({ was }) => was === 'allow') ? 1 : 0;
}
