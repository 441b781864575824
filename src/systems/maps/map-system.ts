import { blankEvent, type EgressEvent, type JsonObject } from '../../core/event.ts';
import { misuse } from '../../core/failure.ts';
import { addressIn, isAddress, splitDestination, type Destination } from '../../core/host.ts';
import { standardColumns } from '../../core/log-columns.ts';
import { scalarText } from '../../core/maps/conditions.ts';
import { UNIT_MS, type FieldMap, type MapField, type TimeUnit } from '../../core/maps/field-map.ts';
import { readLogfmt } from '../../core/maps/logfmt.ts';
import { hostIn, mapReader, type MapReader, type MapRuling } from '../../core/maps/map-reader.ts';
import { count } from '../../core/record.ts';
import type { RecordShape } from '../../core/record-shape.ts';
import { toIso } from '../../core/time.ts';
import { shapesOf } from './map-shapes.ts';
import { recordedTime } from '../recorded-time.ts';
import type { Origin, System } from '../system.ts';

const made = new WeakMap<FieldMap, System>();

/** The system of a map, always the same object. It has no policy of its own: `--policy` provides one of another system. */
export function mapSystem(map: FieldMap): System {
  let system = made.get(map);
  if (!system) made.set(map, (system = makeSystem(map)));
  return system;
}

/** Makes the system. Its reader is made at the first record, because most runs meet no record of a map. */
function makeSystem(map: FieldMap): System {
  const reader = rememberingRuling(lateReader(map));
  let shapes: readonly RecordShape[] | null = null;
  const { holds } = map;
  return {
    name: map.name,
    recognises: reader.recognises,
    ...(map.text === 'logfmt' ? { readText: logfmtReader(reader) } : {}),
    decode: (record, origin) => decode(record, origin, { map, reader }),
    unruled: record => {
      const ruling = reader.ruling(record);
      return ruling.type === 'unlisted' ? ruling.why : null;
    },
    get shapes() {
      return (shapes ??= map.shapes ?? shapesOf(map));
    },
    columns: standardColumns,
    agentAt: () => null,
    discover: async () => [],
    inspect: async () => [],
    dialect: async () => {
      throw misuse(
        `${map.name} is a map of a log: it has no policy`,
        'name the system of the policy, or none',
      );
    },
    activation: { type: 'none', advice: () => 'a map reads logs and has no policy', acknowledges: null },
    ...(holds === null
      ? {}
      : {
          partialLogs: {
            wrote: reader.recognises,
            holds,
            sidecarOf: null,
            completeness: () => ({ type: 'unknown', why: `as the map ${map.name} says` }),
          },
        }),
  };
}

/** A reader that compiles its paths at the first record. */
function lateReader(map: FieldMap): MapReader {
  let reader: MapReader | null = null;
  const ready = (): MapReader => (reader ??= mapReader(map));
  return {
    recognises: record => ready().recognises(record),
    ruling: record => ready().ruling(record),
    value: (field, record) => ready().value(field, record),
    times: record => ready().times(record),
  };
}

/** Parses lines of `key=value` pairs that have the map's shape. */
function logfmtReader(reader: MapReader): NonNullable<System['readText']> {
  return line => {
    const found = readLogfmt(line);
    if (!found || !reader.recognises(found.record)) return null;
    if (found.twice === null) return { type: 'record', record: found.record };
    return {
      type: 'broken',
      why: `the key ${found.twice} stands there twice`,
      remedy: 'look at the writer: which value it means is not known',
    };
  };
}

/** Caches the last ruling, because `decode` and `unruled` ask for the same record in turn. */
function rememberingRuling(reader: MapReader): MapReader {
  let last: { readonly record: JsonObject; readonly ruling: MapRuling } | null = null;
  const ruling = (record: JsonObject): MapRuling => {
    if (last?.record !== record) last = { record, ruling: reader.ruling(record) };
    return last.ruling;
  };
  return { ...reader, ruling };
}

interface Reading {
  readonly map: FieldMap;
  readonly reader: MapReader;
}

function decode(record: JsonObject, origin: Origin, { map, reader }: Reading): EgressEvent {
  const text = (field: MapField): string | null => textOf(reader.value(field, record));
  const number = (field: MapField): number | null => countOf(reader.value(field, record));
  const ruling = reader.ruling(record);
  const verdict = ruling.type === 'verdict' ? ruling.verdict : null;
  const destination = text('host');
  const { host, port } = destination === null ? NOWHERE : hostIn(destination);
  const duration = number('duration');
  return {
    ...blankEvent({ system: map.name, source: origin.source, kind: text('kind') ?? map.name, raw: record }),
    ...timeOf(reader.times(record), map.timeUnit),
    verdict,
    host,
    port: portOf(number('port')) ?? port,
    address: addressOf(reader.value('address', record)) ?? addressIn(host),
    tool: text('tool'),
    agent: text('agent') ?? origin.agent,
    method: text('method'),
    url: text('url'),
    status: number('status'),
    reason: verdict === null || verdict === 'allow' ? null : text('reason'),
    rule: text('rule'),
    durationMs: duration === null ? null : duration * UNIT_MS[map.durationUnit],
    bytes: number('bytes'),
    correlationId: text('id'),
  };
}

const NOWHERE: Destination = { host: null, port: null };

/** A scalar as text, or the scalars of a list joined by commas; null without a value. */
function textOf(value: unknown): string | null {
  if (!Array.isArray(value)) return value === '' ? null : scalarText(value);
  const texts = value.map(scalarText).filter(text => text !== null && text !== '');
  return texts.length === 0 ? null : texts.join(', ');
}

const countOf = (value: unknown): number | null => count({ value }, 'value');

const portOf = (port: number | null): number | null =>
  port !== null && Number.isInteger(port) && port <= 65_535 ? port : null;

function addressOf(value: unknown): string | null {
  const text = scalarText(value);
  const host = text === null ? null : splitDestination(text).host;
  return host !== null && isAddress(host) ? host : null;
}

/** The first readable time, else the first text. With a unit, a number counts in that unit. */
function timeOf(values: readonly unknown[], unit: TimeUnit | null): Pick<EgressEvent, 'at' | 'time'> {
  const times = values.map(value => inUnit(value, unit) ?? recordedTime(value));
  return (
    times.find(({ at }) => at !== null) ?? times.find(({ time }) => time !== null) ?? { at: null, time: null }
  );
}

/** The last time of a Date, in ms: ECMA-262 §21.4.1.1. */
const LAST_INSTANT = 8.64e15;

function inUnit(value: unknown, unit: TimeUnit | null): Pick<EgressEvent, 'at' | 'time'> | null {
  const number = unit === null ? null : countOf(value);
  if (unit === null || number === null) return null;
  const at = Math.floor(Math.round(number * UNIT_MS[unit] * 1e3) / 1e3);
  return at <= LAST_INSTANT ? { at, time: toIso(at) } : { at: null, time: String(number) };
}
