import type { EgressEvent } from '../../core/event.ts';

/** One line of a log as an archive holds it. */
export interface ArchivedRow {
  /** The message of the stream that it came in. */
  readonly sequence: number;
  /** When the server stored that message, unix ms. */
  readonly received: number;
  readonly machine: string;
  /** The path of the log on that machine. */
  readonly file: string;
  /** The line as it stands in the log. */
  readonly record: string;
  /** The one event that the line alone tells; null for any other line. */
  readonly event: EgressEvent | null;
}

/** A line of an archive, and whose it is. */
export interface ArchivedLine {
  readonly machine: string;
  readonly file: string;
  readonly record: string;
}

type Kind = 'STRING' | 'INT32' | 'INT64' | 'DOUBLE' | 'TIMESTAMP';
/** A value of a column. */
export type Value = string | number | bigint | Date | null;

/** A column of an archive's files. */
interface Column {
  readonly name: string;
  readonly type: Kind;
  readonly of: (row: ArchivedRow) => Value;
}

const text = (name: string, of: (event: EgressEvent) => string | null): Column => ({
  name,
  type: 'STRING',
  of: ({ event }) => (event ? (of(event)?.toWellFormed() ?? null) : null),
});

const whole = (name: string, of: (event: EgressEvent) => number | null): Column => ({
  name,
  type: 'INT64',
  of: ({ event }) => bigOf(event ? of(event) : null),
});

const bigOf = (value: number | null): bigint | null =>
  Number.isSafeInteger(value) ? BigInt(value ?? 0) : null;

/** The columns in their order; no name is a reserved word of SQL. Those of the event are null where a line does not tell exactly one. */
export const COLUMNS: readonly Column[] = [
  { name: 'sequence', type: 'INT64', of: ({ sequence }) => BigInt(sequence) },
  { name: 'received', type: 'TIMESTAMP', of: ({ received }) => new Date(received) },
  { name: 'machine', type: 'STRING', of: ({ machine }) => machine },
  { name: 'file', type: 'STRING', of: ({ file }) => file },
  { name: 'time', type: 'TIMESTAMP', of: ({ event }) => dateOf(event?.at ?? null) },
  text('system', ({ system }) => system),
  text('kind', ({ kind }) => kind),
  text('verdict', ({ verdict }) => verdict),
  text('host', ({ host }) => host),
  whole('port', ({ port }) => port),
  text('address', ({ address }) => address),
  text('tool', ({ tool }) => tool),
  text('agent', ({ agent }) => agent),
  text('method', ({ method }) => method),
  whole('status', ({ status }) => status),
  text('reason', ({ reason }) => reason),
  text('rule', ({ rule }) => rule),
  { name: 'duration_ms', type: 'DOUBLE', of: ({ event }) => event?.durationMs ?? null },
  whole('bytes', ({ bytes }) => bytes),
  { name: 'record', type: 'STRING', of: ({ record }) => record },
];

function dateOf(at: number | null): Date | null {
  if (at === null) return null;
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? null : date;
}
