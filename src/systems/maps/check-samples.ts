import { isDecision } from '../../core/event.ts';
import type { FieldMap, MapField, MapSample, SampleOutcome } from '../../core/maps/field-map.ts';
import type { EgressEvent } from '../../core/event.ts';
import type { Problem } from '../../core/problem.ts';
import { scalarText } from '../../core/maps/conditions.ts';
import { decodeLine } from '../decode-line.ts';
import { mapSystem } from './map-system.ts';

/** The map reads the line as a record of its kind. */
interface Read {
  readonly outcome: SampleOutcome | 'malformed';
  readonly event: EgressEvent | null;
  readonly why: string | null;
}

/** An error at the line of each sample that the map reads otherwise than the sample says. */
export function sampleProblems(map: FieldMap): readonly Problem[] {
  const read = sampleReader(map);
  return map.samples.flatMap(sample => {
    const { outcome, event, why } = read(sample.line);
    const fault = (said: string): Problem => ({
      source: map.file ?? map.name,
      line: sample.at,
      column: null,
      severity: 'error',
      why: said,
      remedy: 'correct the map, or the sample',
    });
    if (outcome !== sample.verdict)
      return [fault(`the sample is ${outcome}${why === null ? '' : ` (${why})`}, not ${sample.verdict}`)];
    return event ? fieldFaults(sample, event).map(fault) : [];
  });
}

function sampleReader(map: FieldMap): (line: string) => Read {
  const system = mapSystem(map);
  return line => {
    const found = decodeLine(line, { source: map.name, agent: null }, [system]);
    if (found.type === 'blank') return { outcome: 'malformed', event: null, why: 'an empty line' };
    if (found.type === 'malformed' && map.text === 'logfmt' && !found.isClaimed)
      return { outcome: 'foreign', event: null, why: found.why };
    if (found.type === 'malformed') return { outcome: 'malformed', event: null, why: found.why };
    if (found.type === 'event')
      return {
        outcome: isDecision(found.event) ? found.event.verdict : 'ignored',
        event: found.event,
        why: null,
      };
    const unruled = system.recognises(found.event.raw) ? (system.unruled?.(found.event.raw) ?? null) : null;
    return { outcome: unruled === null ? 'foreign' : 'unlisted', event: null, why: unruled };
  };
}

/** The field of an event for each field of a map. */
const EVENT_FIELD: Readonly<Record<MapField, keyof EgressEvent>> = {
  host: 'host',
  port: 'port',
  address: 'address',
  agent: 'agent',
  tool: 'tool',
  method: 'method',
  url: 'url',
  reason: 'reason',
  rule: 'rule',
  bytes: 'bytes',
  status: 'status',
  duration: 'durationMs',
  id: 'correlationId',
  kind: 'kind',
};

function fieldFaults({ fields }: MapSample, event: EgressEvent): readonly string[] {
  return Object.entries(fields).flatMap(([field, wanted]) => {
    const found = event[EVENT_FIELD[field as MapField]];
    const shown = scalarText(found) ?? '';
    return shown === wanted
      ? []
      : [
          `the sample's ${field} is ${shown === '' ? 'nothing' : shown}, not ${wanted === '' ? 'nothing' : wanted}`,
        ];
  });
}
