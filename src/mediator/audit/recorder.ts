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

/** Writes each audit record to the log and then to the socket, in one order. Each has its own id, so that no reader counts it twice. */
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

  /** Why the record could not be written; null when it stands. */
  record(fields: TunnelRecord): string | null {
    const record = this.#complete(fields);
    const trouble = this.#log.append(record);
    this.#note(trouble);
    const isVoid = trouble !== null && this.#facts.isStrict && PERMITTING.has(fields.event);
    if (!isVoid) {
      this.#decisions.add(fields);
      this.#socket.event(record);
    }
    return trouble;
  }

  /** Tries a failed log again, with a record of how many records it lacks. */
  retry(): void {
    if (this.#trouble === null) return;
    const record = this.#complete({ event: 'egress_audit_restored', lost: this.#lost });
    if (this.#log.append(record) !== null) return;
    this.#note(null);
    this.#socket.event(record);
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

  #note(trouble: string | null): void {
    const [before, lost] = [this.#trouble, this.#lost];
    if (trouble === null && before === null) return;
    this.#trouble = trouble;
    this.#lost = trouble === null ? 0 : lost + 1;
    const at = this.#timestamp(this.#facts.now());
    if (trouble !== null && before === null)
      this.#socket.tell({ type: 'audit', status: 'failed', path: this.#log.path, why: trouble, at });
    if (trouble === null && before !== null)
      this.#socket.tell({ type: 'audit', status: 'restored', path: this.#log.path, lost, at });
  }
}
