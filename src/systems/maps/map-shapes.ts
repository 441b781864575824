import type { Conditions, FieldMap, MapField, MapPath, MapValue } from '../../core/maps/field-map.ts';
import type { JsonObject } from '../../core/event.ts';
import { isObject, parseObject } from '../../core/record.ts';
import { WITHIN, type Measure, type Part, type RecordShape } from '../../core/record-shape.ts';

/** Keys by whose values built-in systems recognise their records. Only the ruling may depend on them. */
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

/** The event fields of each part. Those of the ruling come in addition to its conditions. */
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
 * The shapes by which a map's records can be counted by their bytes: one for each alternative of `when`. Empty if parts share a key or the
 * time has a unit; then each record is decoded. An object with keys that the map reads is read key by key. Whether the object exists then
 * follows from its keys, and the ruling depends on them.
 */
export function shapesOf(map: FieldMap): readonly RecordShape[] {
  const [time = NOWHERE, ...otherTimes] = map.time.map(value => plainKey([value]));
  if (time === null || otherTimes.includes(null)) return [];
  if (map.timeUnit !== null || map.text !== 'json' || hasSeparator(map)) return [];
  const measured = measuredKeys(map);
  const added = addedBytes(map);
  const parts = partsOf(map);
  const fixed = [...parts.host, ...parts.tool, ...parts.agent, ...Object.values(measured), ...added, time];
  const opened = new Set([...fixed, ...parts.ruling].flatMap(objectsAround));
  const rulingKeys = parts.ruling.filter(key => !opened.has(key));
  const used = [...fixed, ...rulingKeys];
  if (new Set(used).size < used.length || fixed.some(key => opened.has(key))) return [];
  const counted = new Set([...used, ...keysOfFields(map, ['bytes', 'duration', 'status'])]);
  const silent = silentKeys(map, opened).filter(key => !counted.has(key));
  const ruling = [...rulingKeys, ...silent.filter(key => TELLING.has(key))];
  if ([...parts.host, ...parts.tool, ...parts.agent, time].some(key => TELLING.has(key))) return [];
  return map.when.map(conditions => ({
    system: map.name,
    required: unique(conditions.filter(isPresence).map(({ path }) => wholeKey(path))).filter(
      key => !opened.has(key),
    ),
    parts: { ...parts, ruling },
    standIns: standInsOf(map),
    silent: silent.filter(key => !TELLING.has(key)),
    time: { key: time, isUnix: true, ...(otherTimes.length > 0 ? { hasOthers: true } : {}) },
    measured,
    withoutPorts: withoutPorts(map),
    ...(added[0] === undefined ? {} : { addedBytes: added[0] }),
  }));
}

/** The key for a map without a time. No record has it. */
const NOWHERE = WITHIN;

/** Whether a path contains the character that joins keys here. */
const hasSeparator = ({ when, ignore, verdict, fields, time }: FieldMap): boolean =>
  JSON.stringify([when, ignore, verdict, fields, time]).includes('\\u0000');

/** The objects that contain a key, outermost first. */
const objectsAround = (name: string): readonly string[] => {
  const keys = name.split(WITHIN);
  return keys.slice(1).map((_, index) => keys.slice(0, index + 1).join(WITHIN));
};

/** Whether a record without the key can never meet the condition. */
const isPresence = ({ test }: Conditions[number]): boolean =>
  test.type === 'is' || test.type === 'other' || (test.type === 'exists' && test.wanted);

/**
 * The keys of each part. Conditions belong to the ruling. An exception is a condition that every record of the map must meet and that only
 * tests whether another part's value exists: values are learnt only from such records.
 */
function partsOf(map: FieldMap): Readonly<Record<Part, readonly string[]>> {
  const keys = (part: Part): readonly string[] => keysOfFields(map, FIELDS_OF_PARTS[part]);
  const elsewhere = new Set([...keys('host'), ...keys('tool'), ...keys('agent')]);
  const given = map.when.map(conditions => conditions.filter(isGiven).map(({ path }) => path.text));
  const isMet = (condition: Conditions[number]): boolean =>
    isGiven(condition) &&
    elsewhere.has(wholeKey(condition.path)) &&
    given.every(texts => texts.includes(condition.path.text));
  const asked = [...map.when, ...map.ignore, ...map.verdict.map(({ when }) => when)]
    .flat()
    .filter(condition => !isMet(condition))
    .map(({ path }) => wholeKey(path));
  return {
    ruling: unique([...asked, ...keys('ruling')]),
    host: keys('host'),
    tool: keys('tool'),
    agent: keys('agent'),
  };
}

const isGiven = ({ test }: Conditions[number]): boolean => test.type === 'exists' && test.wanted;

/** The keys of measures that are a single plain key, in milliseconds. */
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

/** The second key of a byte count that is the sum of two. */
const addedBytes = ({ fields }: FieldMap): readonly string[] => sumOfTwo(fields).slice(1);

/** The keys of a byte count that is the sum of two plain keys; empty for others. */
function sumOfTwo({ bytes }: FieldMap['fields']): readonly string[] {
  const [only] = bytes ?? [];
  if (bytes?.length !== 1 || only?.type !== 'sum' || only.paths.length !== 2) return [];
  const keys = only.paths.flatMap(path => plainKey([{ type: 'path', path }]) ?? []);
  return keys.length === 2 ? keys : [];
}

/**
 * A later place of a field counts only if no earlier one has a value. That works only for whole keys which no condition and no other place
 * uses.
 */
function standInsOf({ when, ignore, verdict, fields }: FieldMap): RecordShape['standIns'] {
  const conditions = [...when, ...ignore, ...verdict.map(rule => rule.when)].flat();
  const asked = new Set(conditions.map(({ path }) => wholeKey(path)));
  const standIns: Record<string, readonly string[]> = {};
  for (const field of ['tool', 'agent'] as const) {
    const values = fields[field] ?? [];
    const places = values.flatMap(pathsOf).map(wholeKey);
    for (const [index, value] of values.entries()) {
      const key = plainKey([value]) ?? hostKey(value);
      const earlier = values.slice(0, index).flatMap(other => plainKey([other]) ?? []);
      if (key === null || earlier.length === 0 || asked.has(key)) continue;
      if (places.filter(place => place === key).length === 1) standIns[key] = earlier;
    }
  }
  return standIns;
}

/** The keys of the samples, and of fields that are not counted. An object that is read key by key is represented by its keys. */
function silentKeys(map: FieldMap, opened: ReadonlySet<string>): readonly string[] {
  const known = map.samples
    .filter(({ verdict }) => verdict !== 'foreign')
    .flatMap(({ line }) => leavesOf(parseObject(line) ?? {}, '', opened));
  const named = [
    ...keysOfFields(map, ['port', 'method', 'url', 'rule', 'id']),
    ...map.time.flatMap(pathsOf).map(wholeKey),
  ];
  return unique([...known, ...named]).filter(key => !opened.has(key));
}

function leavesOf(record: JsonObject, around: string, opened: ReadonlySet<string>): readonly string[] {
  return Object.entries(record).flatMap(([key, value]) => {
    const name = `${around}${key}`;
    return opened.has(name) && isObject(value) ? leavesOf(value, `${name}${WITHIN}`, opened) : [name];
  });
}

/** The keys of host and agent whose port has no effect, because no part uses the whole text. */
function withoutPorts({ fields }: FieldMap): readonly string[] {
  const hosts = [...(fields.host ?? []), ...(fields.address ?? [])].map(
    value => plainKey([value]) ?? hostKey(value),
  );
  const agents = (fields.agent ?? []).map(hostKey);
  const texts = Object.values(fields)
    .flat()
    .flatMap(value => (value.type === 'template' ? pathsOf(value).map(wholeKey) : []));
  const whole = new Set([
    ...texts,
    ...[...(fields.agent ?? []), ...(fields.tool ?? [])].map(value => plainKey([value])),
  ]);
  return unique([...hosts, ...agents].filter(key => key !== null)).filter(key => !whole.has(key));
}

const keysOfFields = ({ fields }: FieldMap, names: readonly MapField[]): readonly string[] =>
  unique(names.flatMap(name => (fields[name] ?? []).flatMap(pathsOf)).map(wholeKey));

function pathsOf(value: MapValue): readonly MapPath[] {
  if (value.type === 'path' || value.type === 'host') return [value.path];
  if (value.type === 'sum') return value.paths;
  return value.pieces.filter(piece => typeof piece !== 'string');
}

/** The key at the beginning of a path, up to its first step into a list or a text. */
function wholeKey({ steps }: MapPath): string {
  const end = steps.findIndex(({ type }) => type !== 'key');
  return (end < 0 ? steps : steps.slice(0, end))
    .map(step => (step.type === 'key' ? step.key : ''))
    .join(WITHIN);
}

/** The key if the only place is a path of keys; else null. */
function plainKey(values: readonly MapValue[]): string | null {
  const [only] = values;
  if (values.length !== 1 || only?.type !== 'path' || !isPlain(only.path)) return null;
  return wholeKey(only.path);
}

const hostKey = (value: MapValue): string | null =>
  value.type === 'host' && isPlain(value.path) ? wholeKey(value.path) : null;

const isPlain = ({ steps }: MapPath): boolean => steps.every(({ type }) => type === 'key');

const unique = (keys: readonly string[]): readonly string[] => [...new Set(keys)];
