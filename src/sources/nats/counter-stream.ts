import type { JetStreamClient, JetStreamManager, PubAck } from '@nats-io/jetstream';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { CounterDocument } from '../../core/fleet/counters/counter-document.ts';
import { COUNTER_ROOT, subjectOf } from '../../core/fleet/counters/counter-subject.ts';
import { readDocument, type ReadDocument } from '../../core/fleet/counters/read-document.ts';
import { writeDocument } from '../../core/fleet/counters/write-document.ts';
import type { NatsLink } from './connect.ts';

/** The stream of counters: of each subject the server keeps the newest document. */
export const COUNTER_STREAM = 'EGRESS_SUM';

const ANSWER_MS = 10_000;
/** A server answers a direct read at once. Older ones stay silent where there is no stream. */
const READ_MS = 2_000;
/** The answer of servers when a stream of that name is there with other settings. */
const IN_USE = 10058;
/** A short document gains nothing from compression. */
const PLAIN_BYTES = 1024;
/** No honest document is longer, decompressed. */
const MAX_BYTES = 4 * 1024 * 1024;
const GZIP = [0x1f, 0x8b] as const;
/** The answers of servers when a subject's last message is another one: the second is that of newer servers. */
const WRONG_LAST = new Set([10071, 10164]);

/** How publishing ended. `conflict`: the subject's last message is not the expected one. */
export type Publishing =
  | { readonly type: 'stored'; readonly sequence: number }
  | { readonly type: 'conflict' }
  | { readonly type: 'no-stream' }
  | { readonly type: 'failed'; readonly why: string };

/** The document under a subject, and its number in the stream; `document` is null where nothing stands there. */
export type LastStored =
  | { readonly type: 'found'; readonly document: ReadDocument | null; readonly sequence: number }
  | { readonly type: 'no-stream' }
  | { readonly type: 'failed'; readonly why: string };

/** The bytes of a document on the wire. */
function encodeDocument(document: CounterDocument): Uint8Array {
  const plain = Buffer.from(writeDocument(document));
  return plain.length <= PLAIN_BYTES ? plain : gzipSync(plain);
}

/** The document that bytes hold. Whatever they are, they take no more memory than a document may. */
export function decodeDocument(bytes: Uint8Array): ReadDocument {
  if (bytes[0] !== GZIP[0] || bytes[1] !== GZIP[1])
    return readDocument(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'));
  try {
    return readDocument(gunzipSync(bytes, { maxOutputLength: MAX_BYTES }).toString('utf8'));
  } catch {
    return { type: 'refused', why: 'is no gzip, or too long' };
  }
}

/** Publishes documents of counters, and reads one's own back. */
export class CounterStream {
  readonly #link: NatsLink;
  #client: JetStreamClient | null = null;

  constructor(link: NatsLink) {
    this.#link = link;
  }

  /** Waits until the server has stored the document. `expected`: the stream's number of the subject's last message, 0 for none. */
  async publish(document: CounterDocument, expected?: number): Promise<Publishing> {
    const expect = expected === undefined ? {} : { expect: { lastSubjectSequence: expected } };
    try {
      const client = await this.#jetstream();
      const stored: PubAck = await client.publish(subjectOf(document), encodeDocument(document), {
        timeout: ANSWER_MS,
        ...expect,
      });
      return stored.stream === COUNTER_STREAM
        ? { type: 'stored', sequence: stored.seq }
        : { type: 'failed', why: `another stream, ${stored.stream}, takes the counters` };
    } catch (error) {
      if (isConflict(error)) return { type: 'conflict' };
      return isMissing(error) ? { type: 'no-stream' } : { type: 'failed', why: whyOf(error) };
    }
  }

  /** The last document of a subject, read by a user that may read nothing but its own. */
  async last(subject: string): Promise<LastStored> {
    try {
      const { direct } = await this.#manager();
      const found = await direct.getMessage(COUNTER_STREAM, { last_by_subj: subject });
      return found
        ? { type: 'found', document: decodeDocument(found.data), sequence: found.seq }
        : { type: 'found', document: null, sequence: 0 };
    } catch (error) {
      const isSilent = error instanceof Error && error.name === 'TimeoutError';
      return isSilent || isMissing(error) ? { type: 'no-stream' } : { type: 'failed', why: whyOf(error) };
    }
  }

  /** Makes the stream where this user may. Null when it is there; otherwise why not. */
  async make(): Promise<string | null> {
    try {
      const { streams } = await this.#manager();
      await streams.add({
        name: COUNTER_STREAM,
        subjects: [`${COUNTER_ROOT}.>`],
        max_msgs_per_subject: 1,
        max_msg_size: 1024 * 1024,
        allow_direct: true,
      });
      return null;
    } catch (error) {
      return codeOf(error) === IN_USE ? null : whyOf(error);
    }
  }

  async #manager(): Promise<JetStreamManager> {
    const { jetstreamManager } = await import('@nats-io/jetstream');
    return jetstreamManager(this.#link.connection, { checkAPI: false, timeout: READ_MS });
  }

  async #jetstream(): Promise<JetStreamClient> {
    if (this.#client) return this.#client;
    const { jetstream } = await import('@nats-io/jetstream');
    return (this.#client = jetstream(this.#link.connection, { timeout: ANSWER_MS }));
  }
}

const isConflict = (error: unknown): boolean => WRONG_LAST.has(codeOf(error));

const codeOf = (error: unknown): number =>
  error instanceof Error && 'code' in error ? Number(error.code) : Number.NaN;

/** Nobody answers for a subject that no stream takes. */
const isMissing = (error: unknown): boolean =>
  error instanceof Error &&
  (isMissingName(error.name) || (error.cause instanceof Error && isMissingName(error.cause.name)));

const isMissingName = (name: string): boolean =>
  name === 'NoRespondersError' || name === 'StreamNotFoundError';

function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'the server does not answer';
  return error.message;
}
