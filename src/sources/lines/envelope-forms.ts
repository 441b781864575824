import { EnvelopeItems } from './envelope-items.ts';

/** An object that holds many records, and may be longer than any line that is held. */
export interface EnvelopeForm {
  /** As it is named to the user. */
  readonly name: string;
  /** The way to each record: keys, and `*` for each item of a list. */
  readonly way: readonly string[];
  /** The text around one record that makes the same object with this record alone. */
  readonly opening: string;
  readonly closing: string;
  /** A text that the beginning of the object must have, too. */
  readonly says?: RegExp;
  /** The program that prints one record a line. */
  readonly program: string;
}

/** The objects that collectors and stores answer with. `reading/wrapped` knows what stands in their records. */
export const ENVELOPES = {
  elasticsearch: {
    name: 'an Elasticsearch response',
    way: ['hits', 'hits', '*'],
    opening: '{"hits":{"hits":[',
    closing: ']}}',
    program: "jq -c '.hits.hits[]._source'",
  },
  lokiResponse: {
    name: 'a Loki response',
    way: ['data', 'result', '*', 'values', '*'],
    opening: '{"data":{"resultType":"streams","result":[{"values":[',
    closing: ']}]}}',
    says: /"resultType"\s*:\s*"streams"/,
    program: "jq -r '.data.result[].values[][1]'",
  },
  lokiStreams: {
    name: 'Loki streams',
    way: ['streams', '*', 'values', '*'],
    opening: '{"streams":[{"values":[',
    closing: ']}]}',
    program: "jq -r '.streams[].values[][1]'",
  },
  otlp: {
    name: 'OpenTelemetry (OTLP JSON)',
    way: ['resourceLogs', '*', 'scopeLogs', '*', 'logRecords', '*'],
    opening: '{"resourceLogs":[{"scopeLogs":[{"logRecords":[',
    closing: ']}]}]}',
    program:
      "jq -c '.resourceLogs[].scopeLogs[].logRecords[] | {resourceLogs:[{scopeLogs:[{logRecords:[.]}]}]}'",
  },
  splunk: {
    name: 'a Splunk search',
    way: ['results', '*'],
    opening: '{"results":[',
    closing: ']}',
    says: /"_raw"\s*:/,
    program: "jq -r '.results[]._raw'",
  },
  cloudWatch: {
    name: 'a CloudWatch subscription',
    way: ['logEvents', '*'],
    opening: '{"messageType":"DATA_MESSAGE","logEvents":[',
    closing: ']}',
    says: /"messageType"\s*:\s*"DATA_MESSAGE"/,
    program: "jq -r '.logEvents[].message'",
  },
} as const satisfies Readonly<Record<string, EnvelopeForm>>;

/** The form of the object that these bytes begin with, where its first record begins in them; null for any other. */
export function envelopeFormOf(beginning: Buffer): EnvelopeForm | null {
  const text = beginning.toString('latin1');
  const start = /^(?:\xEF\xBB\xBF)?[ \t\r\n]*(?=\{)/.exec(text)?.[0].length;
  if (start === undefined) return null;
  const fits = ({ way, says }: EnvelopeForm): boolean =>
    (says?.test(text) ?? true) && new EnvelopeItems(way).push(beginning.subarray(start)).some(isItem);
  return Object.values<EnvelopeForm>(ENVELOPES).find(fits) ?? null;
}

const isItem = ({ type }: { readonly type: string }): boolean => type === 'item';
