import type { PartialLog } from '../../../core/completeness.ts';
import { nameOfToken, tokenOf } from '../../../core/fleet/counters/token.ts';
import { shippedSource } from '../../../core/event.ts';
import { plural } from '../../../core/grouped.ts';
import { SourceError, trouble } from '../../trouble.ts';
import type { NatsLink } from '../connect.ts';
import { RECORD_STREAM } from '../fleet-streams.ts';
import { type RecordChoice, unpackBatch } from './record-batch.ts';
import type { RecordLines, StreamReading } from './stream-reading.ts';
import { streamMessages, streamState, type StreamMessage, type StreamState } from '../stream-messages.ts';

const MAX_LINE = 1024 * 1024;

/** A reading that begins with the newest messages. */
interface BatchReadingOptions {
  /** So many bytes of the newest messages are read, compressed; older ones are left out. */
  readonly newestBytes?: number;
}

/** The records of a fleet as far as they were read. */
export interface BatchesRead {
  /** Whether machines ship denials alone, as far as their batches say; null before the first batch. */
  readonly holds: RecordChoice | null;
  /** Messages that are no batch. */
  readonly unread: number;
  /** Older messages that were left out. */
  readonly leftOut: number;
}

/** One reading of the records that the machines of a tenant ship, over as many connections as it takes: each batch once. */
export class BatchReading implements StreamReading {
  readonly #name: string;
  readonly #tenant: string;
  /** Up to where each machine's files were read, so that a batch that was stored twice counts once. */
  readonly #machines = new Map<string, Set<string>>();
  #last = 0;
  #created: string | null = null;
  #unread = 0;
  #leftOut = 0;
  #holds: RecordChoice | null = null;
  readonly #newestBytes: number;

  constructor(name: string, tenant: string, { newestBytes = Infinity }: BatchReadingOptions = {}) {
    [this.#name, this.#tenant, this.#newestBytes] = [name, tenant, newestBytes];
  }

  async *pass(
    { connection }: NatsLink,
    signal: AbortSignal,
    onStart: (bytes: number) => void = () => undefined,
  ): AsyncGenerator<RecordLines> {
    const state = await streamState(connection, RECORD_STREAM);
    if (state === null)
      throw new SourceError(
        trouble(
          this.#name,
          `the server has no stream ${RECORD_STREAM}`,
          'let an administrator start egresstop fleet up or egresstop ship',
        ),
      );
    const isKnown = this.#created === state.created;
    [this.#last, this.#created] = [
      isKnown ? Math.min(this.#last, state.last) : this.#leave(state),
      state.created,
    ];
    onStart(state.bytes);
    const subject = `egress.log.${tokenOf(this.#tenant)}.*`;
    const part = { stream: RECORD_STREAM, subject, from: this.#last + 1 };
    for await (const message of streamMessages(connection, part, signal))
      yield message === null ? { first: 1, lines: [], bytes: 0, pending: 0 } : await this.#linesOf(message);
  }

  /** Leaves out what stands before the newest messages. Returns the last sequence that is left out. */
  #leave({ first, last, bytes }: StreamState): number {
    const messages = Math.max(0, last - first + 1);
    const kept = bytes <= this.#newestBytes ? messages : Math.floor((messages * this.#newestBytes) / bytes);
    this.#leftOut = messages - kept;
    return last - kept;
  }

  /** How far it came. */
  read(): BatchesRead {
    return { holds: this.#holds, unread: this.#unread, leftOut: this.#leftOut };
  }

  partial(): PartialLog {
    const unread = this.#unread === 0 ? '' : `; ${plural(this.#unread, 'message')} could not be read`;
    return {
      log: this.#name,
      holds:
        this.#holds === 'denials' ? 'records that machines ship: denials only' : 'records that machines ship',
      completeness: { type: 'unknown', why: `counters have the totals${unread}` },
    };
  }

  async #linesOf({ sequence, subject, data, pending, header }: StreamMessage): Promise<RecordLines> {
    this.#last = sequence;
    const nothing: RecordLines = { first: 1, lines: [], bytes: data.length, pending };
    const machine = nameOfToken(subject.split('.').at(-1) ?? '');
    const batch = await unpackBatch(header, data);
    if (machine === null || 'why' in batch) {
      this.#unread += 1;
      return nothing;
    }
    this.#holds = batch.holds === 'denials' ? 'denials' : (this.#holds ?? 'all');
    if (!this.#isNew(machine, `${batch.file} ${batch.from} ${batch.to} ${batch.cursors.at(-1)}`))
      return nothing;
    const lines = batch.lines.map(line => (line.length > MAX_LINE ? { bytes: line.length } : line));
    return {
      ...nothing,
      source: shippedSource(this.#name, machine, batch.file),
      behind: { count: null },
      lines,
    };
  }

  #isNew(machine: string, mark: string): boolean {
    const marks = this.#machines.get(machine) ?? new Set();
    this.#machines.set(machine, marks);
    const isNew = !marks.has(mark);
    marks.add(mark);
    const [oldest] = marks;
    if (marks.size > 1000 && oldest !== undefined) marks.delete(oldest);
    return isNew;
  }
}
