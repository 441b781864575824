import type { Conditions, FieldMap, MapField, MapPath, MapValue } from '../../core/maps/field-map.ts';
import { parseObject } from '../../core/record.ts';
import type { Measure, Part, RecordShape } from '../../core/record-shape.ts';

/** Keys whose values tell built-in systems their records. A part other than the ruling may not stand on them. */
const TELLING: ReadonlySet<string> = new Set([
  'event',
  'kind',
  'type',
  'mediator',
  'decision',
  'logformat',
  'event_type',
  'payload',
  'runtime_id',
  'session_id',
  'event_id',
  'operation_id',
]);

/** The fields of an event that make up its parts; those of the ruling, beside its conditions. */
const FIELDS_OF_PARTS: Readonly<Record<Part, readonly MapField[]>> = {
  ruling: ['reason', 'kind'],
  host: ['host', 'address'],
  tool: ['tool'],
  agent: ['agent'],
};
const MEASURES: Readonly<Record<MapField & ('bytes' | 'duration' | 'status'), Measure>> = {
  bytes: 'bytes',
  duration: 'durationMs',
  status: 'status',
};

/**
 * How a map's records may be counted by bytes: one shape for each alternative of `when`. Empty where parts share a key, or where the time
 * is not one plain key: then each record is decoded.
 */
export function shapesOf(map: FieldMap): readonly RecordShape[] {
  const time = plainKey(map.time);
  const measured = measuredKeys(map);
  if (time === null || map.timeUnit !== null || map.text !== 'json') return [];
  const parts = partsOf(map);
  const added = addedBytes(map);
  const used = [...Object.values(parts).flat(), ...Object.values(measured), ...added, time];
  if (new Set(used).size < used.length) return [];
  const silent = silentKeys(map, new Set([...used, ...keysOfFields(map, ['bytes', 'duration', 'status'])]));
  const ruling = [...parts.ruling, ...silent.filter(key => TELLING.has(key))];
  if ([...parts.host, ...parts.tool, ...parts.agent, time].some(key => TELLING.has(key))) return [];
  return map.when.map(conditions => ({
    system: map.name,
    required: [...new Set(conditions.filter(isPresence).map(({ path }) => firstKey(path)))],
    parts: { ...parts, ruling },
    standIns: standInsOf(map),
    silent: silent.filter(key => !TELLING.has(key)),
    time: { key: time, isUnix: true },
    measured,
    ...(added[0] === undefined ? {} : { addedBytes: added[0] }),
  }));
}

/** Whether a record without the key cannot meet the condition. */
const isPresence = ({ test }: Conditions[number]): boolean =>
  test.type === 'is' || test.type === 'other' || (test.type === 'exists' && test.wanted);

/** The keys of each part. A condition stands in the ruling, unless every record of the map meets it by the value of another part. */
function partsOf(map: FieldMap): Readonly<Record<Part, readonly string[]>> {
  const given = map.when.map(conditions => conditions.filter(isGiven).map(({ path }) => path.text));
  const asked = [...map.when, ...map.ignore, ...map.verdict.map(({ when }) => when)]
    .flat()
    .filter(condition => !isGiven(condition) || !given.every(texts => texts.includes(condition.path.text)))
    .map(({ path }) => firstKey(path));
  const keys = (part: Part): readonly string[] => keysOfFields(map, FIELDS_OF_PARTS[part]);
  return {
    ruling: unique([...asked, ...keys('ruling')]),
    host: keys('host'),
    tool: keys('tool'),
    agent: keys('agent'),
  };
}

const isGiven = ({ test }: Conditions[number]): boolean => test.type === 'exists' && test.wanted;

/** The keys of the measures that are one plain key each, in milliseconds. */
function measuredKeys({ fields, durationUnit }: FieldMap): RecordShape['measured'] {
  const measured: Partial<Record<Measure, string>> = {};
  for (const [field, measure] of Object.entries(MEASURES)) {
    const values = fields[field as keyof typeof MEASURES];
    const key = values ? plainKey(values) : null;
    const [sent] = field === 'bytes' ? sumOfTwo(fields) : [];
    if (sent !== undefined) measured[measure] = sent;
    if (key !== null && (measure !== 'durationMs' || durationUnit === 'ms')) measured[measure] = key;
  }
  return measured;
}

/** The second key of bytes that are a sum of two. */
const addedBytes = ({ fields }: FieldMap): readonly string[] => sumOfTwo(fields).slice(1);

/** The keys of bytes that are the sum of two plain ones; empty for all others. */
function sumOfTwo({ bytes }: FieldMap['fields']): readonly string[] {
  const [only] = bytes ?? [];
  if (bytes?.length !== 1 || only?.type !== 'sum' || only.paths.length !== 2) return [];
  const keys = only.paths.flatMap(path => plainKey([{ type: 'path', path }]) ?? []);
  return keys.length === 2 ? keys : [];
}

/** A later place of a part counts only where no earlier one holds something. Only whole keys can say that. */
function standInsOf({ fields }: FieldMap): RecordShape['standIns'] {
  const standIns: Record<string, readonly string[]> = {};
  for (const field of ['tool', 'agent'] as const) {
    const values = fields[field] ?? [];
    for (const [index, value] of values.entries()) {
      const key = plainKey([value]) ?? hostKey(value);
      const earlier = values.slice(0, index).flatMap(other => plainKey([other]) ?? []);
      if (key !== null && earlier.length > 0 && !earlier.includes(key)) standIns[key] ??= earlier;
    }
  }
  return standIns;
}

/** Keys of the samples on which no count depends. */
function silentKeys(map: FieldMap, used: ReadonlySet<string>): readonly string[] {
  const known = map.samples
    .filter(({ verdict }) => verdict !== 'foreign')
    .flatMap(({ line }) => Object.keys(parseObject(line) ?? {}));
  const named = keysOfFields(map, ['port', 'method', 'url', 'rule', 'id']);
  return unique([...known, ...named]).filter(key => !used.has(key));
}

const keysOfFields = ({ fields }: FieldMap, names: readonly MapField[]): readonly string[] =>
  unique(names.flatMap(name => (fields[name] ?? []).flatMap(pathsOf)).map(firstKey));

function pathsOf(value: MapValue): readonly MapPath[] {
  if (value.type === 'path' || value.type === 'host') return [value.path];
  if (value.type === 'sum') return value.paths;
  return value.pieces.filter(piece => typeof piece !== 'string');
}

function firstKey({ steps: [first] }: MapPath): string {
  if (first?.type !== 'key') throw new TypeError('a path begins with a key'); // parsePath holds that
  return first.key;
}

/** The key, where the only place is a key of the record itself. */
function plainKey(values: readonly MapValue[]): string | null {
  const [only] = values;
  if (values.length !== 1 || only?.type !== 'path' || only.path.steps.length !== 1) return null;
  return firstKey(only.path);
}

const hostKey = (value: MapValue): string | null =>
  value.type === 'host' && value.path.steps.length === 1 ? firstKey(value.path) : null;

const unique = (keys: readonly string[]): readonly string[] => [...new Set(keys)];
