import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PartialLog, RecordStream, StreamAccount } from '../../../core/completeness.ts';
import { parseObject } from '../../../core/record.ts';
import type { Line } from '../../source.ts';
import { SourceError, trouble } from '../../trouble.ts';
import type { NatsLink } from '../connect.ts';
import type { RecordLines, StreamReading } from './stream-reading.ts';
import { streamMessages, streamState, type StreamMessage } from '../stream-messages.ts';

/** As long as a line may be that is held. */
const MAX_LINE_BYTES = 1024 * 1024;
/** Lines that are handed on at once, at most. */
const MAX_LINES = 256;

/** A stream of records, as it is told and asked for. */
export interface RecordSource {
  /** As it is told. */
  readonly name: string;
  readonly stream: RecordStream;
  readonly tenant: string | null;
}

/**
 * One reading of a stream of records, over as many connections as it takes: each record once. It goes on behind the last sequence that it
 * has. If the stream was put back to an older state, or made again, it goes on from there. Records with an id are not counted again.
 */
export class RecordReading implements StreamReading {
  readonly #source: RecordSource;
  readonly #account: StreamAccount;
  #last = 0;
  #created: string | null = null;
  #wentBack = 0;

  constructor(source: RecordSource) {
    this.#source = source;
    this.#account = source.stream.account();
  }

  async *pass(
    { connection }: NatsLink,
    signal: AbortSignal,
    onStart: (bytes: number) => void = () => undefined,
  ): AsyncGenerator<RecordLines> {
    const { stream, tenant, name } = this.#source;
    const state = await streamState(connection, stream.name);
    if (state === null)
      throw new SourceError(trouble(name, `the server has no stream ${stream.name}`, stream.remedy));
    const isOther = this.#created !== null && this.#created !== state.created;
    if (isOther || state.last < this.#last) this.#wentBack += 1;
    this.#last = isOther ? 0 : Math.min(this.#last, state.last);
    this.#created = state.created;
    onStart(state.bytes);
    const part = { stream: stream.name, subject: stream.subject(tenant), from: this.#last + 1 };
    let batch: Batch = NO_LINES;
    for await (const message of streamMessages(connection, part, signal)) {
      if (message === null) yield { ...NO_LINES, first: this.#last + 1, pending: 0 };
      else {
        if (batch.lines.length > 0 && message.sequence !== batch.first + batch.lines.length) yield batch;
        if (message.sequence !== batch.first + batch.lines.length)
          batch = { ...NO_LINES, first: message.sequence };
        batch = this.#added(batch, message);
        if (message.pending > 0 && batch.lines.length < MAX_LINES) continue;
        yield batch;
        batch = NO_LINES;
        await nextTurn(); // the messages that wait are handed out without a turn of the event loop
      }
    }
    if (batch.lines.length > 0) yield batch;
  }

  partial(): PartialLog {
    const { name, stream } = this.#source;
    const { type, why } = this.#account.completeness();
    const back = this.#wentBack === 0 ? '' : '; the stream was put back or made again';
    return {
      log: name,
      holds: stream.holds,
      completeness: {
        type: back === '' ? type : 'lossy',
        why: `${why ?? ''}${back}`.replace(/^; /, '') || null,
      },
    };
  }

  #added({ first, lines, bytes }: Batch, { sequence, data, pending }: StreamMessage): Batch {
    this.#last = sequence;
    return { first, lines: [...lines, this.#lineOf(data)], bytes: bytes + data.length, pending };
  }

  /** A record that came before is a blank line, which keeps the numbers of the lines behind it. */
  #lineOf(data: Uint8Array): Line {
    if (data.length > MAX_LINE_BYTES) return { bytes: data.length };
    const line = Buffer.from(data)
      .toString('utf8')
      .replace(/[\r\n]+/g, ' ');
    const record = parseObject(line);
    return record === null || this.#account.take(record) ? line : '';
  }
}

/** Records that follow on one another without a gap. Their line numbers are the sequences of the stream. */
type Batch = RecordLines;

const NO_LINES: Batch = { first: -1, lines: [], bytes: 0, pending: 0 };
