import { describePartialLog } from '../../core/completeness.ts';
import { describeProblem, type Problem } from '../../core/problem.ts';
import { isDecision, type EgressEvent } from '../../core/event.ts';
import { standardColumns } from '../../core/log-columns.ts';
import { untimedNote } from '../../core/traffic/source-totals.ts';
import { toJson } from '../../report/inert-json.ts';
import { logJson, logText, logTextOf } from '../../report/log-line.ts';
import type { System } from '../../systems/system.ts';
import { eventSelection, systemsFor, type SourceOptions } from '../../reading/selection.ts';
import { followLog } from './follow-log.ts';
import { LineDecoder } from '../../reading/line-decoder.ts';
import { mergeByTime } from '../../reading/merge-by-time.ts';
import { note, Output } from '../output.ts';
import { tellZone } from '../zone-note.ts';
import { placesOf } from '../places.ts';
import { SourceCounts } from '../../reading/silence.ts';
import { refuseBareWords } from '../../reading/bare-words.ts';
import { withAgents } from '../../reading/named-agents.ts';
import { openOnce } from '../../reading/read-once.ts';
import { interruption } from '../../reading/read-traffic.ts';
import { resolveSources, type NamedWorkspace } from '../../reading/resolve-sources.ts';

/** The flags of `log`. */
export interface LogOptions extends SourceOptions {
  readonly follow?: true;
  readonly decisions?: true;
  readonly json?: true;
}

/** Prints every record as a line, oldest first; with `-f` also new ones. Exit 1 if a source could not be read. */
export async function log(args: readonly string[], options: LogOptions): Promise<number> {
  const places = placesOf(options.stateDir, options);
  if (options.follow === true) await refuseBareWords(args, places);
  const sources = await resolveSources(args, places, systemsFor(options));
  const { specs, workspace, mayBeAbsent } = sources;
  const systems = withAgents(systemsFor(options), sources.agents);
  let untimed = 0;
  const inWindow = eventSelection(options, Date.now(), () => (untimed += 1));
  tellZone(options);
  const counts = new SourceCounts();
  const isWanted = (event: EgressEvent): boolean => {
    counts.add(event);
    return (options.decisions !== true || isDecision(event)) && inWindow(event);
  };
  const output = new Output();
  const print = options.json === true ? logJson : textOf(systems, workspace !== null);
  const decoder = new LineDecoder(systems);
  if (options.follow === true)
    return followLog({ specs, mayBeAbsent, workspace, places, decoder, isWanted, print, output });
  const signal = interruption(output.signal);
  const { streams, problems } = await openOnce(sources, signal);
  let exitCode = 0;
  let malformed = 0;
  const tell = (problem: Problem): void => {
    note(describeProblem(problem), isUnreadable(problem) ? 'unreadable-source' : undefined);
    if (problem.line !== null && problem.severity === 'error') malformed += 1;
    if (isUnreadable(problem)) exitCode = 1;
  };
  const events = mergeByTime(streams, decoder, tell);
  if (options.json === true && workspace !== null)
    await printWorkspace(workspace, wantedOf(events, isWanted), output);
  else await printLines(wantedOf(events, isWanted), print, output);
  for (const problem of problems) tell(problem);
  for (const log of streams.flatMap(stream => stream.partial?.() ?? []))
    note(`${log.log}: ${describePartialLog(log)}`);
  const passedBy = untimedNote(untimed);
  if (passedBy !== null) note(passedBy);
  if (malformed > 0 && counts.isEmpty) {
    note('not one line could be read', 'unreadable-source');
    return 1;
  }
  for (const silence of counts.silences()) note(describeProblem(silence));
  return exitCode;
}

/**
 * Whether a problem means that a source could not be read, which makes the command fail. A malformed line has a line number and does not.
 */
const isUnreadable = (problem: Problem): boolean => problem.line === null && problem.severity === 'error';

async function* wantedOf(
  events: AsyncIterable<EgressEvent>,
  isWanted: (event: EgressEvent) => boolean,
): AsyncGenerator<EgressEvent> {
  for await (const event of events) if (isWanted(event)) yield event;
}

async function printLines(
  events: AsyncIterable<EgressEvent>,
  print: (event: EgressEvent) => string,
  output: Output,
): Promise<void> {
  for await (const event of events) {
    if (output.signal.aborted) return;
    await output.line(print(event));
  }
  await output.flush();
}

/** Prints the JSON object that the system's own command line prints for a workspace. */
async function printWorkspace(
  { name: workspace, of }: NamedWorkspace,
  events: AsyncIterable<EgressEvent>,
  output: Output,
): Promise<void> {
  const egress: object[] = [];
  for await (const event of events) egress.push(of.record(event));
  await output.text(`${toJson({ workspace, egress }, 2)}\n`);
}

/** Makes the text of a record. A named workspace's records have the form of the system's own command line. */
function textOf(systems: readonly System[], isWorkspace: boolean): (event: EgressEvent) => string {
  const columns = new Map(systems.map(system => [system.name, system.columns]));
  return event => {
    const own = (columns.get(event.system) ?? standardColumns)(event);
    return isWorkspace ? logText(own) : logTextOf(event, own);
  };
}
