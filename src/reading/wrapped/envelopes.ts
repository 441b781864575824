import type { JsonObject } from '../../core/event.ts';
import { isObject, text } from '../../core/record.ts';
import { ENVELOPES, type EnvelopeForm as LongEnvelope } from '../../sources/lines/envelope-forms.ts';
import { plainLogRecord } from './otlp-value.ts';

/** A way into a parsed document: keys and places, and `*` for each item of a list. */
type Way = readonly string[];

/** An object that holds lines or records of others, and where they stand in it. */
interface EnvelopeForm {
  /** As it is named to the user. */
  readonly by: string;
  /** Whether an object is such an envelope. */
  readonly isOf: (record: JsonObject) => boolean;
  /** The way to each item. */
  readonly each: Way;
  /** The ways in an item to its line or record, the likeliest first. */
  readonly record: readonly Way[];
  /** The way in an item to the time when the collector got it. */
  readonly time: Way;
  /** The fields of a record of no system that may hold a line. */
  readonly fields: readonly string[];
  /** Turns an item into plain JSON first. */
  readonly plain?: (item: unknown) => unknown;
}

const isList = (record: JsonObject, field: string): boolean => Array.isArray(record[field]);
const within = (record: JsonObject, field: string): JsonObject => {
  const inner = record[field];
  return isObject(inner) ? inner : {};
};

/** The keys of an event of Splunk's HTTP Event Collector ("Format events for HTTP Event Collector"). */
const HEC_KEYS: ReadonlySet<string> = new Set([
  'time',
  'host',
  'source',
  'sourcetype',
  'index',
  'event',
  'fields',
]);

/** The name of a long envelope, and the way to its items. */
const listedBy = ({ name, way }: LongEnvelope): Pick<EnvelopeForm, 'by' | 'each'> => ({
  by: name,
  each: way,
});

const FORMS: readonly EnvelopeForm[] = [
  {
    by: 'Splunk HEC',
    isOf: record =>
      record['event'] !== undefined &&
      ['sourcetype', 'index', 'source', 'time'].some(key => record[key] !== undefined) &&
      Object.keys(record).every(key => HEC_KEYS.has(key)) &&
      (isObject(record['event']) ||
        ['sourcetype', 'index', 'source'].some(key => text(record, key) !== null)),
    each: [],
    record: [['event']],
    time: ['time'],
    fields: ['line'], // Docker's logging driver `splunk`
  },
  {
    // The endpoint `search/jobs/export`: one result a line.
    by: 'a Splunk search',
    isOf: record => typeof within(record, 'result')['_raw'] === 'string',
    each: [],
    record: [['result', '_raw']],
    time: ['result', '_time'],
    fields: [],
  },
  {
    ...listedBy(ENVELOPES.splunk),
    isOf: ({ results }) =>
      Array.isArray(results) &&
      results.some(result => isObject(result) && typeof result['_raw'] === 'string'),
    record: [['_raw']],
    time: ['_time'],
    fields: [],
  },
  {
    // opentelemetry-proto `logs/v1`, as the Collector's file exporter writes it.
    ...listedBy(ENVELOPES.otlp),
    isOf: record => isList(record, 'resourceLogs'),
    record: [['body']],
    time: ['timeUnixNano'],
    fields: ['message', 'log'],
    plain: plainLogRecord,
  },
  {
    ...listedBy(ENVELOPES.elasticsearch),
    isOf: record => isList(within(record, 'hits'), 'hits'),
    record: [['_source']],
    time: ['_source', '@timestamp'],
    fields: ['message', 'log'],
  },
  {
    by: 'Elasticsearch hits',
    isOf: record => isObject(record['_source']) && text(record, '_index') !== null,
    each: [],
    record: [['_source']],
    time: ['_source', '@timestamp'],
    fields: ['message', 'log'],
  },
  {
    // `GET /loki/api/v1/query_range`: a value is its time in nanoseconds and its line.
    ...listedBy(ENVELOPES.lokiResponse),
    isOf: record => {
      const data = within(record, 'data');
      return data['resultType'] === 'streams' && isList(data, 'result');
    },
    record: [['1']],
    time: ['0'],
    fields: [],
  },
  {
    // `POST /loki/api/v1/push`, and the answers of `/tail`.
    ...listedBy(ENVELOPES.lokiStreams),
    isOf: ({ streams }) =>
      Array.isArray(streams) && streams.some(stream => isObject(stream) && isList(stream, 'values')),
    record: [['1']],
    time: ['0'],
    fields: [],
  },
  {
    ...listedBy(ENVELOPES.cloudWatch),
    isOf: record => record['messageType'] === 'DATA_MESSAGE' && isList(record, 'logEvents'),
    record: [['message']],
    time: ['timestamp'],
    fields: ['log'], // FireLens
  },
  {
    // The resource LogEntry.
    by: 'Google Cloud Logging',
    isOf: record =>
      text(record, 'logName') !== null &&
      (typeof record['textPayload'] === 'string' || isObject(record['jsonPayload'])),
    each: [],
    record: [['textPayload'], ['jsonPayload']],
    time: ['timestamp'],
    fields: ['message', 'log'],
  },
];

/** A line or a record within an envelope. */
export interface EnclosedItem {
  /** A line of text, or a parsed value. */
  readonly value: unknown;
  readonly time: unknown;
}

/** The items of an envelope: at least one. */
export interface OpenEnvelope {
  readonly by: string;
  readonly items: readonly EnclosedItem[];
  readonly fields: readonly string[];
  /** The way to the bare records, for those that cannot be read. */
  readonly remedy: string;
}

/** An object as the envelope that it is; null where it is none, or holds nothing. `exact` gives the object with its numbers as they stand. */
export function envelopeOf(record: JsonObject, exact: () => JsonObject): OpenEnvelope | null {
  const form = FORMS.find(({ isOf }) => isOf(record));
  if (!form) return null;
  const { by, each, fields, record: ways, time, plain = item => item } = form;
  const items = itemsAt(exact(), each).map((found): EnclosedItem => {
    const item = plain(found);
    const value = ways.map(way => valueAt(item, way)).find(value => value !== undefined && value !== null);
    return { value: value ?? item, time: valueAt(item, time) };
  });
  const path = jqPath([...each, ...(ways[0] ?? [])]);
  return items.length === 0 ? null : { by, items, fields, remedy: `read it through \`jq '${path}'\`` };
}

/** The text format of Fluentd's output `file`: the time, the tag and the record, with tabs between them. */
const FLUENTD = /^(?<time>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d))\t[^\t]*\t(?<record>\{.*)$/s;

/** A line of text as the envelope that it is; null where it is none. */
export function envelopeInText(line: string): OpenEnvelope | null {
  const { time, record } = FLUENTD.exec(line)?.groups ?? {};
  if (record === undefined) return null;
  return {
    by: 'Fluentd',
    items: [{ value: record, time }],
    fields: ['log', 'message'],
    remedy: 'read it through `cut -f3-`',
  };
}

/** All values that a way leads to. A value of another type than the way wants is an item itself, so that nothing is lost. */
function itemsAt(root: unknown, way: Way): readonly unknown[] {
  let found: readonly unknown[] = [root];
  const odd: unknown[] = [];
  for (const step of way)
    found = found.flatMap((value): readonly unknown[] => {
      if (step === '*' && Array.isArray(value)) return value;
      if (step !== '*' && isObject(value)) return value[step] === undefined ? [] : [value[step]];
      odd.push(value);
      return [];
    });
  return [...found, ...odd];
}

function valueAt(root: unknown, way: Way): unknown {
  let value = root;
  for (const step of way) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as JsonObject)[step];
  }
  return value;
}

/** A way as jq writes it. */
const jqPath = (way: Way): string =>
  way.map(step => (step === '*' ? '[]' : /^\d+$/.test(step) ? `[${step}]` : `.${step}`)).join('');
