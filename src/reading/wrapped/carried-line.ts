import type { JsonObject } from '../../core/event.ts';
import { text } from '../../core/record.ts';
import { collectorOf } from './collector-forms.ts';

/** One line that a collector carried, or a piece of it, with what the collector says of it. */
export interface CarriedLine {
  readonly type: 'carried';
  /** The collector's format, as it is named to the user. */
  readonly by: string;
  readonly text: string;
  /** When the collector got the line; it counts only where the record has no time. */
  readonly time: unknown;
  /** Pieces of one line have the same stream. */
  readonly stream: string;
  /** The next piece of this stream belongs to the same line. */
  readonly goesOn: boolean;
  /** The way to the bare lines, for lines that cannot be read. */
  readonly remedy: string;
}

/** A collector's record that lacks its line. */
export interface LostLine {
  readonly type: 'lost';
  readonly by: string;
  readonly why: string;
  readonly remedy: string;
}

const DOCKER_KEYS: ReadonlySet<string> = new Set(['log', 'stream', 'time', 'attrs']);

/** The line within a collector's JSON object; null where the object is no collector's. */
export const carriedIn = (record: JsonObject): CarriedLine | LostLine | null =>
  inDocker(record) ?? inJournal(record) ?? inCollector(record);

/** A collector that never cuts lines: each is whole. */
function inCollector(record: JsonObject): CarriedLine | null {
  const form = collectorOf(record);
  if (!form) return null;
  const remedy = `read it through \`jq -r .${form.line}\``;
  return whole({ by: form.by, text: text(record, form.line) ?? '', time: record[form.time], remedy });
}

const whole = (line: Pick<CarriedLine, 'by' | 'text' | 'time' | 'remedy'>): CarriedLine => ({
  ...line,
  type: 'carried',
  text: withoutLineEnd(line.text),
  stream: '',
  goesOn: false,
});

/**
 * Docker's json-file driver (moby `daemon/logger/jsonfilelog`). It cuts lines at 16 KiB, and only the last piece ends in a line feed.
 */
function inDocker(record: JsonObject): CarriedLine | null {
  const { log, stream, time } = record;
  if (typeof log !== 'string' || typeof stream !== 'string' || typeof time !== 'string') return null;
  if (!Object.keys(record).every(key => DOCKER_KEYS.has(key))) return null;
  return {
    type: 'carried',
    by: 'docker json-file',
    text: withoutLineEnd(log),
    time,
    stream,
    goesOn: !log.endsWith('\n'),
    remedy: 'read it by `docker logs`, or through `jq -r .log`',
  };
}

const JOURNAL = {
  by: 'journald export JSON',
  remedy: 'read it through `journalctl -o cat`',
} as const;

/** `journalctl -o json` (systemd "Journal JSON Format"): text that is not printable comes as a list of bytes, long text as null. */
function inJournal(record: JsonObject): CarriedLine | LostLine | null {
  const message = record['MESSAGE'];
  if (message === undefined || !Object.keys(record).some(key => /^__?[A-Z]/.test(key))) return null;
  const text = messageText(message);
  if (text === null)
    return {
      type: 'lost',
      by: JOURNAL.by,
      why: 'its MESSAGE was left out',
      remedy: 'print it by `journalctl --all -o json`',
    };
  return {
    type: 'carried',
    ...JOURNAL,
    text: withoutLineEnd(text),
    time: record['_SOURCE_REALTIME_TIMESTAMP'] ?? record['__REALTIME_TIMESTAMP'],
    stream: streamOf(record),
    goesOn: record['CONTAINER_PARTIAL_MESSAGE'] === 'true' || record['_LINE_BREAK'] === 'line-max',
  };
}

function messageText(message: unknown): string | null {
  if (typeof message === 'string') return message;
  if (!Array.isArray(message) || !message.every(byte => Number.isInteger(byte) && byte >= 0 && byte < 256))
    return null;
  return Buffer.from(message).toString('utf8');
}

const streamOf = (record: JsonObject): string =>
  text(record, '_STREAM_ID') ?? text(record, 'CONTAINER_ID_FULL') ?? text(record, '_PID') ?? '';

/** A line of the Container Runtime Interface (Kubernetes `kubelet/kuberuntime/logs`): time, stream, tags, text. */
const CRI =
  /^(?<time>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)) (?<stream>stdout|stderr) (?<tag>[FP])(?::\S*)?(?: (?<text>.*))?$/s;

/** The line within a container runtime's line of text, or within a JSON text; null where it is none. */
export function carriedInText(line: string): CarriedLine | null {
  const { time, stream, tag, text } = CRI.exec(line)?.groups ?? {};
  if (time === undefined || stream === undefined) return inJsonText(line);
  return {
    type: 'carried',
    by: 'the container runtime (CRI)',
    text: text ?? '',
    time,
    stream,
    goesOn: tag === 'P',
    remedy: 'read it by `kubectl logs` or `crictl logs`',
  };
}

/** A line as one JSON text, as `jq .log` prints what a collector carried. */
function inJsonText(line: string): CarriedLine | null {
  if (!/^\s*"/.test(line)) return null;
  try {
    const text: unknown = JSON.parse(line);
    // A text of one word is a line of no log.
    if (typeof text !== 'string' || /^[^{\s]+$/.test(text)) return null;
    return whole({ by: 'JSON texts', text, time: null, remedy: 'print it by `jq -r`' });
  } catch {
    return null; // a text in quotes, and something behind it
  }
}

const withoutLineEnd = (text: string): string => text.replace(/\r?\n$/, '');
