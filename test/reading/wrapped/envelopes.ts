const AT = '2027-01-02T03:04:05.123Z';
const NANOS = '1798859045123000000';

/** An object of OpenTelemetry's common data model, as protobuf's JSON mapping writes it. */
export function anyValue(value: unknown): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (Number.isSafeInteger(value)) return { intValue: String(value) };
  if (typeof value === 'number') return { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  const pairs = Object.entries(value ?? {}).map(([key, inner]) => ({ key, value: anyValue(inner) }));
  return value === null ? {} : { kvlistValue: { values: pairs } };
}

const otlp = (bodies: readonly unknown[]): string =>
  JSON.stringify({
    resourceLogs: [
      {
        resource: { attributes: [] },
        scopeLogs: bodies.map(body => ({
          scope: {},
          logRecords: [{ timeUnixNano: NANOS, severityNumber: 9, body }],
        })),
      },
    ],
  });
const hit = (source: unknown): object => ({ _index: 'logs-1', _id: 'a', _score: 1, _source: source });
const logName = 'projects/p/logs/a';

/** Envelopes of lines of text. The first line alone where the form holds one. */
export const ENVELOPES: Readonly<Record<string, (lines: readonly string[]) => string>> = {
  'Splunk HEC': lines =>
    lines
      .map(event => JSON.stringify({ event, time: 1798859045.123, host: 'n', sourcetype: 'audit' }))
      .join(''),
  'a Splunk search': lines =>
    lines.map(_raw => JSON.stringify({ preview: false, offset: 0, result: { _raw, _time: AT } })).join(''),
  'the results of a Splunk search': lines =>
    JSON.stringify({ fields: [], results: lines.map(_raw => ({ _raw, _time: AT })) }),
  'OTLP JSON': lines => otlp(lines.map(anyValue)),
  'an Elasticsearch response': lines =>
    JSON.stringify({
      took: 1,
      hits: { hits: lines.map(line => hit({ '@timestamp': AT, message: line, ecs: {} })) },
    }),
  'Elasticsearch hits': lines =>
    lines.map(message => JSON.stringify(hit({ '@timestamp': AT, message, agent: {} }))).join(''),
  'a Loki response': lines =>
    JSON.stringify({
      status: 'success',
      data: {
        resultType: 'streams',
        result: lines.map(line => ({ stream: { app: 'a' }, values: [[NANOS, line]] })),
      },
    }),
  'Loki streams': lines =>
    JSON.stringify({ streams: [{ stream: {}, values: lines.map(line => [NANOS, line]) }] }),
  'a CloudWatch subscription': lines =>
    JSON.stringify({
      messageType: 'DATA_MESSAGE',
      owner: '1',
      logEvents: lines.map(message => ({ id: '1', timestamp: 1798859045123, message })),
    }),
  'Google Cloud Logging': lines =>
    lines.map(textPayload => JSON.stringify({ logName, textPayload, timestamp: AT })).join(''),
};

/** Envelopes of records that are objects, or that stand in a field of one. */
export const OF_RECORDS: Readonly<Record<string, (record: object) => string>> = {
  'Splunk HEC': event => JSON.stringify({ event, time: '1798859045.123' }),
  "Docker's driver for Splunk": line =>
    JSON.stringify({ event: { line, source: 'stdout', tag: 'a' }, time: '1', host: 'n' }),
  'OTLP JSON': record => otlp([anyValue(record)]),
  'a field of OTLP JSON': record => otlp([anyValue({ log: JSON.stringify(record), stream: 'stdout' })]),
  'Elasticsearch hits': record => JSON.stringify(hit(record)),
  'a message of Elasticsearch hits': record => JSON.stringify(hit({ message: JSON.stringify(record) })),
  'a log of Elasticsearch hits': record => JSON.stringify(hit({ log: JSON.stringify(record) })),
  'a JSON payload of Google Cloud Logging': jsonPayload =>
    JSON.stringify({ logName, jsonPayload, timestamp: AT }),
  'a message of a JSON payload': record =>
    JSON.stringify({ logName, jsonPayload: { message: JSON.stringify(record) }, timestamp: AT }),
  Fluentd: record => `2027-01-02T03:04:05+00:00\taudit.log\t${JSON.stringify(record)}`,
  'a log of Fluentd': record =>
    `2027-01-02T03:04:05+00:00\taudit.log\t${JSON.stringify({ log: JSON.stringify(record), stream: 'stdout' })}`,
  'FireLens in a CloudWatch subscription': record =>
    JSON.stringify({
      messageType: 'DATA_MESSAGE',
      logEvents: [
        { timestamp: 1, message: JSON.stringify({ container_id: 'a', log: JSON.stringify(record) }) },
      ],
    }),
  'docker json-file in a Splunk search': record =>
    JSON.stringify({
      result: { _raw: JSON.stringify({ log: `${JSON.stringify(record)}\n`, stream: 'stdout', time: AT }) },
    }),
  'OTLP JSON in docker json-file': record =>
    JSON.stringify({ log: `${otlp([anyValue(record)])}\n`, stream: 'stdout', time: AT }),
};
