import type { NatsConnection } from '@nats-io/transport-node';
import { tokenOf } from '../../../core/fleet/counters/token.ts';
import { RECORD_STREAM } from '../fleet-streams.ts';
import { packBatch, unpackBatch, type RecordBatch } from './record-batch.ts';

/** Codes by which servers say that a subject has another newest message. */
const WRONG_SEQUENCE: ReadonlySet<number> = new Set([10_071, 10_164]);
const ANSWER_MS = 10_000;
/** A server answers a direct read at once. */
const READ_MS = 3_000;

/** How publishing a batch ended. `outrun`: the newest message is not the expected one, and nothing was stored. */
export type BatchStored =
  { readonly type: 'stored'; readonly sequence: number } | { readonly type: 'outrun' };

/** The newest batch of a machine, by the server's word. */
export interface NewestBatch {
  /** 0 where there is none. */
  readonly sequence: number;
  readonly cursors: readonly string[];
}

/** The records of one machine on a server. Its user needs no other rights than on this one subject. */
export class RecordLog {
  readonly #connection: NatsConnection;
  readonly #subject: string;

  constructor(
    connection: NatsConnection,
    { tenant, machine }: { readonly tenant: string; readonly machine: string },
  ) {
    this.#connection = connection;
    this.#subject = `egress.log.${tokenOf(tenant)}.${tokenOf(machine)}`;
  }

  /** How far the server has the machine's records. Throws what the library throws where it does not answer. */
  async newest(): Promise<NewestBatch> {
    const answer = await this.#connection.request(
      `$JS.API.DIRECT.GET.${RECORD_STREAM}.${this.#subject}`,
      '',
      {
        timeout: READ_MS,
      },
    );
    const { headers } = answer;
    if (headers?.code === 404) return { sequence: 0, cursors: [] };
    if (!headers || headers.hasError)
      throw new Error(`the server answers ${headers?.code} ${headers?.description}`);
    const batch = await unpackBatch(name => headers.get(name), answer.data);
    return { sequence: Number(headers.get('Nats-Sequence')), cursors: 'why' in batch ? [] : batch.cursors };
  }

  /** Waits until the server has stored the batch behind the message `after`. Throws what the library throws where it did not. */
  async publish(batch: RecordBatch, after: number): Promise<BatchStored> {
    const [{ jetstream, JetStreamApiError }, { headers: newHeaders }] = await Promise.all([
      import('@nats-io/jetstream'),
      import('@nats-io/transport-node'),
    ]);
    const packed = await packBatch(batch);
    const headers = newHeaders();
    for (const [name, value] of Object.entries(packed.headers)) headers.set(name, value);
    try {
      const client = jetstream(this.#connection, { timeout: ANSWER_MS });
      const expect = { lastSubjectSequence: after };
      const { seq } = await client.publish(this.#subject, packed.body, { headers, expect });
      return { type: 'stored', sequence: seq };
    } catch (error) {
      if (error instanceof JetStreamApiError && WRONG_SEQUENCE.has(error.code)) return { type: 'outrun' };
      throw error;
    }
  }
}
