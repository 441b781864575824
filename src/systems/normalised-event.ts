import {
  blankEvent,
  VERDICTS,
  type EgressEvent,
  type Interception,
  type JsonObject,
  type Verdict,
} from '../core/event.ts';
import { splitDestination } from '../core/host.ts';
import { count, isObject, text } from '../core/record.ts';
import type { Origin, System } from './system.ts';
import { recordedTime } from './recorded-time.ts';

/** Keys that are in every line of `log --json`. No system's records have all of them. */
const MARKS = ['at', 'system', 'source', 'kind', 'verdict'] as const;

const INTERCEPTIONS: readonly string[] = [
  'intercepted',
  'passthrough',
  'opaque',
  'cleartext',
] satisfies Interception[];

/** Whether a record is a line of `log --json`. It must be tested before the systems, whose words may be in it. */
export const isNormalised = (record: JsonObject): boolean => MARKS.every(key => key in record);

/**
 * Reads a line of `log --json` as the event that it was printed from. A line with an unknown system or verdict gives the reason why it
 * cannot be read.
 */
export function readNormalised(
  record: JsonObject,
  origin: Origin,
  systems: readonly System[],
): EgressEvent | string {
  const verdict = record['verdict'];
  if (verdict !== null && !isVerdict(verdict))
    return `an event with the unknown verdict ${JSON.stringify(verdict)}`;
  const system = systems.find(({ name }) => name === record['system']);
  if (!system)
    return `an event of ${JSON.stringify(record['system'])}, which is not among the systems that are read`;
  const raw = isObject(record['raw']) ? record['raw'] : record;
  const { host, port } = splitDestination(text(record, 'host') ?? '');
  return {
    ...blankEvent({
      system: system.name,
      source: text(record, 'source') ?? origin.source,
      kind: text(record, 'kind') ?? '',
      raw,
    }),
    ...timeOf(record, raw, { origin, system }),
    verdict,
    host,
    port: count(record, 'port') ?? port,
    address: text(record, 'address'),
    tool: text(record, 'tool'),
    agent: text(record, 'agent') ?? origin.agent,
    method: text(record, 'method'),
    url: text(record, 'url'),
    status: count(record, 'status'),
    reason: text(record, 'reason'),
    rule: text(record, 'rule'),
    interception: interceptionOf(record),
    durationMs: count(record, 'durationMs'),
    bytes: count(record, 'bytes'),
    correlationId: text(record, 'correlationId'),
    hop: count(record, 'hop'),
  };
}

const isVerdict = (value: unknown): value is Verdict => VERDICTS.some(verdict => verdict === value);

function interceptionOf(record: JsonObject): Interception | null {
  const word = text(record, 'interception') ?? '';
  return INTERCEPTIONS.includes(word) ? (word as Interception) : null; // it is one of them
}

/** The printed time. The line does not hold the recorded precision, but the record inside does. */
function timeOf(
  record: JsonObject,
  raw: JsonObject,
  { origin, system }: { readonly origin: Origin; readonly system: System },
): Pick<EgressEvent, 'at' | 'time'> {
  const printed = recordedTime(record['at']);
  if (raw === record) return printed;
  const { at, time } = system.decode(raw, origin);
  return at === printed.at ? { at, time } : printed;
}
