import type { RecordStream, StreamAccount } from '../../../core/completeness.ts';
import type { JsonObject } from '../../../core/event.ts';
import { plural } from '../../../core/grouped.ts';
import { count, text } from '../../../core/record.ts';
import { bytesIn } from '../log/bytes.ts';
import { payloadOf } from '../log/payload.ts';
import { SequenceGaps } from './sequence-gaps.ts';

/**
 * The number of newest ids that are remembered. It exceeds the number of records that a runtime buffers while the server is away and
 * publishes again.
 */
const MAX_IDS = 200_000;

/** The stream to which runtimes publish (`aa-runtime/src/audit_publisher/subject.rs`, `aa-gateway/src/audit_consumer.rs`). */
export const auditStream: RecordStream = {
  name: 'AUDIT',
  subject: tenant => `assembly.audit.${tenant === null ? '' : `${tenantToken(tenant)}.`}>`,
  holds: 'fire and forget: may be incomplete',
  remedy: 'start the gateway of agent-assembly with its audit consumer, which makes the stream',
  account: () => new AuditAccount(),
};

/** Runtimes replace every other character by `_`, so two tenants may share a subject. */
const tenantToken = (tenant: string): string => tenant.replace(/[^A-Za-z0-9_-]/gu, '_');

class AuditAccount implements StreamAccount {
  readonly #ids = new Set<string>();
  readonly #gaps = new SequenceGaps();
  #twice = 0;

  take(record: JsonObject): boolean {
    const id = text(payloadOf(record), 'event_id');
    if (id !== null && !this.#isNew(id)) {
      this.#twice += 1;
      return false;
    }
    const sequence = count(record, 'seq');
    if (sequence !== null && Number.isSafeInteger(sequence)) this.#gaps.add(agentOf(record), sequence);
    return true;
  }

  completeness(): ReturnType<StreamAccount['completeness']> {
    const twice =
      this.#twice === 0 ? '' : `; ${plural(this.#twice, 'record')} published twice and counted once`;
    const { missing } = this.#gaps;
    return missing === 0
      ? { type: 'unknown', why: `no number is missing between those that came${twice}` }
      : { type: 'lossy', why: `up to ${plural(missing, 'record')} missing by their numbers${twice}` };
  }

  #isNew(id: string): boolean {
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    const [oldest] = this.#ids;
    if (this.#ids.size > MAX_IDS && oldest !== undefined) this.#ids.delete(oldest);
    return true;
  }
}

/**
 * The agent of a record, by which its runtime is identified. A runtime does not name itself, and usually serves one agent. With several
 * agents, gaps are reported that do not exist.
 */
const agentOf = ({ agent_id: id }: JsonObject): string =>
  bytesIn(id, 16)?.toString('hex') ?? (typeof id === 'string' ? id.slice(0, 100) : '');
