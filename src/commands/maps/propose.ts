import { basename } from 'node:path';
import { VERDICTS, type EgressEvent, type JsonObject } from '../../core/event.ts';
import { plural } from '../../core/grouped.ts';
import { Failure } from '../../core/failure.ts';
import { saysDenied, proposeMap, type MapProposal } from '../../core/maps/proposal.ts';
import { hostIn } from '../../core/maps/map-reader.ts';
import { scalarText } from '../../core/maps/conditions.ts';
import { JsonTexts, parsePath, pathReader } from '../../core/maps/map-path.ts';
import { Survey } from '../../core/maps/survey.ts';
import { describeProblem, isError } from '../../core/problem.ts';
import { LineDecoder } from '../../reading/line-decoder.ts';
import { openOnce } from '../../reading/read-once.ts';
import { interruption } from '../../reading/read-traffic.ts';
import { resolveSources } from '../../reading/resolve-sources.ts';
import { systemsFor, type SourceOptions } from '../../reading/selection.ts';
import { toJson } from '../../report/inert-json.ts';
import { systemOf } from '../../systems/decode-line.ts';
import { parseMap } from '../../systems/maps/parse-map.ts';
import { proposalText, type ProposalParts } from '../../systems/maps/proposal-text.ts';
import { mapSystem } from '../../systems/maps/map-system.ts';
import { note, noteProblem, Output } from '../output.ts';
import { placesOf } from '../places.ts';

/** The longest line that is used as a sample. */
const LONGEST_SAMPLE = 4_096;
const MOST_SAMPLES = 12;

/**
 * Proposes a map for a log of an unknown system. It prints YAML to stdout, and the resulting counts to stderr. Exit 1 if no host or no
 * verdict was found.
 */
export async function proposeFor(source: string, options: SourceOptions): Promise<number> {
  const output = new Output();
  const { survey, known } = await surveyOf(source, options, interruption(output.signal));
  if (survey.total === 0)
    throw new Failure(
      known > 0
        ? `${source}: each of ${plural(known, 'record')} is read already: no map is needed`
        : `${source}: no JSON record was found`,
    );
  if (known > 0) note(`${plural(known, 'record')} of systems that are known: left out`);
  const proposal = proposeMap(survey);
  const name = nameFor(source);
  const text = proposalText({
    proposal,
    records: survey.records.length,
    source,
    name,
    samples: samplesOf(survey, proposal),
    quote: toJson,
  });
  await output.text(text);
  tellCounts(text, survey);
  return proposal.verdict && proposal.fields.host ? 0 : 1;
}

/** Surveys the records of unknown systems in a log. */
async function surveyOf(
  source: string,
  options: SourceOptions,
  signal: AbortSignal,
): Promise<{ readonly survey: Survey; readonly known: number }> {
  const sources = await resolveSources([source], placesOf(options.stateDir));
  const { streams, problems } = await openOnce(sources, signal);
  for (const problem of problems) noteProblem(problem);
  if (problems.some(isError)) throw new Failure(`${source} cannot be read`, 1, { code: 'unreadable-source' });
  const systems = systemsFor(options);
  const decoder = new LineDecoder(systems);
  const survey = new Survey();
  let [known, malformed] = [0, 0];
  const decoded = {
    event: () => void (known += 1),
    malformed: () => void (malformed += 1),
    unrecognised: ({ raw }: EgressEvent) => {
      if (systemOf(raw, systems))
        known += 1; // recognised by a map that lists no verdict for it
      else survey.add(raw);
    },
  };
  for (const stream of streams) {
    for await (const batch of stream.batches()) decoder.decode(batch, decoded);
    decoder.end(stream.name, decoded);
  }
  if (malformed > 0) note(`${plural(malformed, 'line')} hold no JSON record: left out`);
  return { survey, known };
}

const nameFor = (source: string): string => {
  const [word = ''] = /[a-z0-9][a-z0-9_-]*/.exec(basename(source).toLowerCase()) ?? [];
  return word === '' ? 'my-log' : word.slice(0, 32);
};

/** One record for each value of the verdict, with the verdict of the proposed map. */
function samplesOf(survey: Survey, { verdict, fields }: MapProposal): ProposalParts['samples'] {
  const [verdictAt, hostAt] = [verdict?.path, fields.host?.[0]?.path].map(path =>
    path === undefined ? () => null : textAt(path),
  );
  const met = new Set<string>();
  return survey.records.flatMap(record => {
    const value = verdictAt?.(record) ?? null;
    const host = hostIn(hostAt?.(record) ?? '').host;
    const line = JSON.stringify(record);
    if (value === null || host === null || met.has(value) || met.size >= MOST_SAMPLES) return [];
    if (line.length > LONGEST_SAMPLE) return [];
    met.add(value);
    return [saysDenied(value) ? { line, verdict: 'deny', host } : { line, verdict: 'unlisted', host: null }];
  });
}

/** Returns the first text at a path of a record. */
function textAt(path: string): (record: JsonObject) => string | null {
  const parsed = parsePath(path);
  if (!('steps' in parsed)) return () => null;
  const read = pathReader(parsed, new JsonTexts());
  return record => {
    let found: string | null = null;
    read(record, value => (found = scalarText(value)) !== null);
    return found;
  };
}

/** Prints the counts of the proposed map on the same records. */
function tellCounts(text: string, survey: Survey): void {
  const parsed = parseMap(text, 'the proposed map');
  if (parsed.type === 'invalid') {
    const [first] = parsed.problems;
    note(`it cannot be used before it is filled in: ${first ? describeProblem(first) : ''}`);
    return;
  }
  const system = mapSystem(parsed.map);
  const counts = new Map<string, number>();
  for (const record of survey.records) {
    const key = system.recognises(record)
      ? (system.decode(record, { source: '', agent: null }).verdict ?? 'unlisted')
      : 'not of this shape';
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const told = [...VERDICTS, 'unlisted', 'not of this shape'].flatMap(key => {
    const count = counts.get(key) ?? 0;
    return count === 0 ? [] : [`${count} ${key}`];
  });
  note(`as it stands, it would count ${told.join(', ')}`);
}
