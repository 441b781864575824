import type { JsonObject } from '../../core/event.ts';
import { isObject, text } from '../../core/record.ts';

/** How a collector that never cuts lines puts a line into a JSON object. */
export interface CollectorForm {
  /** As it is named to the user. */
  readonly by: string;
  /** The field of the line. */
  readonly line: 'message' | 'log' | 'line' | 'short_message';
  /** The field of the time when the collector got it. */
  readonly time: string;
  /** Whether an object that has such a line is this collector's. */
  readonly isOf: (record: JsonObject) => boolean;
}

const FORMS: readonly CollectorForm[] = [
  {
    // The common fields of Vector's sources `file`, `docker_logs` and `kubernetes_logs`.
    by: 'Vector',
    line: 'message',
    time: 'timestamp',
    isOf: record => text(record, 'source_type') !== null,
  },
  {
    // Fluent Bit's outputs `file` and `stdout` in the format `json_lines`, of lines that `tail` reads.
    by: 'Fluent Bit',
    line: 'log',
    time: 'date',
    isOf: ({ date }) => typeof date === 'number' || typeof date === 'string',
  },
  {
    // Fluent Bit's outputs `es`, `opensearch` and `kafka`, and Fluentd's with `logstash_format`.
    by: 'Fluent Bit or Fluentd',
    line: 'log',
    time: '@timestamp',
    isOf: record => text(record, '@timestamp') !== null || isObject(record['kubernetes']),
  },
  {
    // The events of Logstash, which have a version.
    by: 'Logstash',
    line: 'message',
    time: '@timestamp',
    isOf: record => text(record, '@timestamp') !== null && text(record, '@version') !== null,
  },
  {
    // Graylog Extended Log Format 1.1, as Docker's logging driver `gelf` sends it.
    by: 'GELF',
    line: 'short_message',
    time: 'timestamp',
    isOf: record => text(record, 'version') !== null && text(record, 'host') !== null,
  },
  {
    // Elastic Common Schema, as Filebeat and Elastic Agent write it.
    by: 'Filebeat',
    line: 'message',
    time: '@timestamp',
    isOf: record =>
      text(record, '@timestamp') !== null &&
      ['log', 'agent', 'ecs', 'input'].some(field => isObject(record[field])),
  },
  {
    // `stern --output json`.
    by: 'stern JSON',
    line: 'message',
    time: 'timestamp',
    isOf: record => text(record, 'podName') !== null && text(record, 'containerName') !== null,
  },
  {
    // `logcli query --output=jsonl` of Grafana Loki.
    by: 'Loki (logcli)',
    line: 'line',
    time: 'timestamp',
    isOf: record => isObject(record['labels']) && text(record, 'timestamp') !== null,
  },
  {
    // `aws logs filter-log-events` and `get-log-events`, whose document is a list of such objects.
    by: 'CloudWatch Logs',
    line: 'message',
    time: 'timestamp',
    isOf: ({ ingestionTime, timestamp }) =>
      typeof ingestionTime === 'number' && typeof timestamp === 'number',
  },
];

/** The collector that an object is of, which holds a line; null where it is none's. */
export const collectorOf = (record: JsonObject): CollectorForm | null =>
  FORMS.find(({ line, isOf }) => typeof record[line] === 'string' && isOf(record)) ?? null;
