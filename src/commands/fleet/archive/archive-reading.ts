import { nameOfToken, tokenOf } from '../../../core/fleet/counters/token.ts';
import type { PartialLog } from '../../../core/completeness.ts';
import { Failure } from '../../../core/failure.ts';
import type { NatsLink } from '../../../sources/nats/connect.ts';
import { RECORD_STREAM } from '../../../sources/nats/fleet-streams.ts';
import { unpackBatch } from '../../../sources/nats/records/record-batch.ts';
import type { RecordLines, StreamReading } from '../../../sources/nats/records/stream-reading.ts';
import { streamMessages, streamState, type StreamMessage } from '../../../sources/nats/stream-messages.ts';
import { SourceError, trouble } from '../../../sources/trouble.ts';
import type { Archiver } from './archiver.ts';

export interface ArchiveReadingOptions {
  /** As it is told. */
  readonly name: string;
  readonly tenant: string;
  readonly archiver: Archiver;
  readonly tell: (text: string) => void;
  /** The archive cannot be written. */
  readonly failed: (failure: Failure) => void;
}

/** Reads the records of a tenant into its archive, over as many connections as it takes. It passes on no line. */
export class ArchiveReading implements StreamReading {
  readonly #options: ArchiveReadingOptions;

  constructor(options: ArchiveReadingOptions) {
    this.#options = options;
  }

  async *pass(
    { connection }: NatsLink,
    signal: AbortSignal,
    onStart: (bytes: number) => void = () => undefined,
  ): AsyncGenerator<RecordLines> {
    const { name, tenant, archiver } = this.#options;
    const found = await streamState(connection, RECORD_STREAM);
    if (found === null)
      throw new SourceError(
        trouble(name, `the server has no stream ${RECORD_STREAM}`, 'let a machine run egresstop ship'),
      );
    onStart(found.bytes);
    const { state } = archiver;
    state.meet(found);
    const subject = `egress.log.${tokenOf(tenant)}.*`;
    for (let isWhole = false; !isWhole && !signal.aborted;) {
      isWhole = true;
      const part = { stream: RECORD_STREAM, subject, from: Math.max(1, state.last) };
      for await (const message of streamMessages(connection, part, signal)) {
        if (message !== null && !state.isAsKnown(message)) {
          this.#options.tell(`${name}: the server has other records than before: all are compared`);
          state.startOver();
          isWhole = false;
          break;
        }
        if (message !== null && message.sequence > state.last) await this.#take(message);
        yield { first: 1, lines: [], bytes: message?.data.length ?? 0, pending: message?.pending ?? 0 };
      }
    }
  }

  partial(): PartialLog {
    const { name, archiver } = this.#options;
    const whole: PartialLog = {
      log: name,
      holds: 'records that machines ship',
      completeness: { type: 'complete', why: null },
    };
    return archiver.state.partial(name) ?? whole;
  }

  async #take({ sequence, at, subject, data, header }: StreamMessage): Promise<void> {
    const { archiver, name, tell, failed } = this.#options;
    const machine = nameOfToken(subject.split('.').at(-1) ?? '');
    const batch = await unpackBatch(header, data);
    if (machine === null || 'why' in batch) {
      tell(
        `${name}: message ${sequence} could not be read: ${'why' in batch ? batch.why : 'its subject is no machine’s'}`,
      );
      archiver.state.skip({ sequence, at });
      return;
    }
    const word = header('Nats-Expected-Last-Subject-Sequence');
    const before = /^\d{1,15}$/.test(word) ? Number(word) : null;
    try {
      await archiver.take({ sequence, at, machine, before, batch });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failed(error);
    }
  }
}
