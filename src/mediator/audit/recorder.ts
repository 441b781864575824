import { randomBytes } from 'node:crypto';
import { DecisionCount } from './decision-count.ts';
import type { AuditLog } from './audit-log.ts';
import type { AuditSocket } from './audit-socket.ts';
import type { TunnelRecord } from '../tunnel/tunnel-event.ts';

/** Facts that every record carries. */
export interface RecorderFacts {
  /** The policy's revision in force. */
  readonly policy: () => string | null;
  readonly now: () => number;
  /** Whether an attempt that could not be recorded must not happen. */
  readonly isStrict: boolean;
}

/** Records that must stand before their attempt goes on, in strict mode. */
const PERMITTING = new Set(['egress_connect', 'egress_allow', 'egress_response']);

/** A record of this turn of the event loop that is not written yet. */
interface WaitingRecord {
  readonly fields: TunnelRecord;
  readonly line: string;
  /** Null where nobody waits for it. */
  readonly written: Written | null;
}

/** Told once the writing of a record was tried: why it does not stand, or null. */
export type Written = (trouble: string | null) => void;

/**
 * Writes each audit record to the log and then to the socket, in one order. Each has its own id, so that no reader counts it twice.
 * A write is a system call, so the records of many connections in one turn of the event loop share one.
 */
export class Recorder {
  readonly #log: AuditLog;
  readonly #socket: AuditSocket;
  readonly #facts: RecorderFacts;
  readonly #run = randomBytes(4).toString('hex');
  #count = 0;
  readonly #decisions = new DecisionCount();
  #trouble: string | null = null;
  /** The newest time and its text: many records fall into one millisecond. */
  #stampedAt = Number.NaN;
  #stamp = '';
  /** Records that the log does not have. */
  #lost = 0;
  #waiting: WaitingRecord[] = [];
  /** Those who wait are told at the end of the turn. */
  #outcomes: (() => void)[] = [];
  #isTurnWatched = false;

  constructor(log: AuditLog, socket: AuditSocket, facts: RecorderFacts) {
    this.#log = log;
    this.#socket = socket;
    this.#facts = facts;
  }

  /** The decisions of this run. */
  get decisions(): DecisionCount['totals'] {
    return this.#decisions.totals;
  }

  /** Why the last record could not be written; null when it stands. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** Writes the record at once, behind those that wait. Returns why it could not be written; null when it stands. */
  record(fields: TunnelRecord): string | null {
    this.#waiting.push({ fields, line: this.#complete(fields), written: null });
    return this.flush();
  }

  /**
   * Writes the record with all others of this turn, in one write, and then tells why it could not be written, or null. Only then may
   * pass what depends on it. Where that write fails, it fails for all.
   */
  recordThen(fields: TunnelRecord, written: Written): void {
    this.#waiting.push({ fields, line: this.#complete(fields), written });
    if (this.#isTurnWatched) return;
    this.#isTurnWatched = true;
    setImmediate(() => this.#endTurn());
  }

  /** Writes what waits. Returns why it could not be written; one trouble is the trouble of all, and none of them goes on. */
  flush(): string | null {
    const waiting = this.#waiting;
    if (waiting.length === 0) return this.#trouble;
    this.#waiting = [];
    const { trouble, standing } = this.#log.append(waiting.map(({ line }) => line));
    this.#note(trouble, waiting.length - standing);
    for (const [index, { fields, line, written }] of waiting.entries()) {
      if (written) this.#outcomes.push(() => written(trouble));
      if (index >= standing && this.#facts.isStrict && PERMITTING.has(fields.event)) continue; // it does not happen
      this.#decisions.add(fields);
      this.#socket.event(line);
    }
    return trouble;
  }

  /** Tries a failed log again, with a record of how many records it lacks. */
  retry(): void {
    if (this.#trouble === null) return;
    const record = this.#complete({ event: 'egress_audit_restored', lost: this.#lost });
    if (this.#log.append([record]).trouble !== null) return;
    this.#note(null, 0);
    this.#socket.event(record);
  }

  #endTurn(): void {
    this.#isTurnWatched = false;
    this.flush();
    const outcomes = this.#outcomes;
    this.#outcomes = [];
    for (const tell of outcomes) tell();
  }

  /** As JSON, made once for the log and the socket. */
  #complete(fields: TunnelRecord): string {
    this.#count += 1;
    const record: Record<string, unknown> = {
      event: fields.event,
      ts: this.#timestamp(this.#facts.now()),
      mediator: 'egresstop',
      event_id: `${this.#run}-${this.#count}`,
    };
    // A plain loop: it runs for every record.
    for (const field in fields)
      if (field !== 'event' && fields[field] !== null) record[field] = fields[field];
    record['correlation_id'] ??= record['event_id']; // one record is all there is of it
    record['policy'] = this.#facts.policy() ?? undefined;
    return JSON.stringify(record);
  }

  #timestamp(now: number): string {
    if (now !== this.#stampedAt) [this.#stampedAt, this.#stamp] = [now, new Date(now).toISOString()];
    return this.#stamp;
  }

  /** Notes how a write ended, and how many more records the log lacks. */
  #note(trouble: string | null, missing: number): void {
    const [before, lost] = [this.#trouble, this.#lost];
    if (trouble === null && before === null) return;
    this.#trouble = trouble;
    this.#lost = trouble === null ? 0 : lost + missing;
    const at = this.#timestamp(this.#facts.now());
    if (trouble !== null && before === null)
      this.#socket.tell({ type: 'audit', status: 'failed', path: this.#log.path, why: trouble, at });
    if (trouble === null && before !== null)
      this.#socket.tell({ type: 'audit', status: 'restored', path: this.#log.path, lost, at });
  }
}
