import { machineOf, type EgressEvent } from '../../core/event.ts';

/** A record of the stream as it is shown. */
export interface StreamRecord {
  readonly key: string;
  /** Unix ms, that of its neighbour where it has none of its own. */
  readonly at: number;
  readonly event: EgressEvent;
}

/** Equal refusals or failures that one row stands for. */
export interface Retries {
  readonly newest: EgressEvent;
  readonly count: number;
  /** From the first to the newest. */
  readonly spanMs: number;
}

/** An attempt that comes later than this after the one before is not taken for its retry. */
const RETRY_WITHIN_MS = 60_000;

interface Group {
  readonly newest: StreamRecord;
  oldest: StreamRecord;
  count: number;
}

/**
 * Collapses equal refusals or failures into one row. They have the same host, tool, agent, verdict, reason and machine, and each comes
 * within a minute of the next. Other records may stand between them. Records are added newest first. A row keeps the key of its first
 * record while retries come.
 */
export class Collapsing {
  readonly #groups: Group[] = [];
  readonly #open = new Map<string, Group>();

  add(record: StreamRecord): void {
    const likeness = likenessOf(record.event);
    const group = likeness === null ? undefined : this.#open.get(likeness);
    if (group && group.oldest.at - record.at <= RETRY_WITHIN_MS) {
      group.oldest = record;
      group.count += 1;
      return;
    }
    const fresh = { newest: record, oldest: record, count: 1 };
    this.#groups.push(fresh);
    if (likeness !== null) this.#open.set(likeness, fresh);
  }

  end(): { readonly keys: readonly string[]; readonly retries: ReadonlyMap<string, Retries> } {
    const several = this.#groups.filter(({ count }) => count > 1);
    return {
      keys: this.#groups.map(({ oldest }) => oldest.key),
      retries: new Map(several.map(group => [group.oldest.key, retriesOf(group)])),
    };
  }
}

const retriesOf = ({ newest, oldest, count }: Group): Retries => ({
  newest: newest.event,
  count,
  spanMs: newest.at - oldest.at,
});

/** The facts that equal attempts share; null for an event that is no retry. */
const likenessOf = ({ verdict, host, tool, agent, reason, source }: EgressEvent): string | null =>
  verdict === null || verdict === 'allow'
    ? null
    : JSON.stringify([verdict, host, tool, agent, reason, machineOf(source)]);
