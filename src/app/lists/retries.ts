import { machineOf, type EgressEvent } from '../../core/event.ts';

/** A record of the Stream. */
export interface StreamRecord {
  readonly key: string;
  /** Unix ms. A record without a time has that of its neighbour. */
  readonly at: number;
  readonly event: EgressEvent;
}

/** The equal denials or failures that one row represents. */
export interface Retries {
  readonly newest: EgressEvent;
  readonly count: number;
  /** Milliseconds from the first to the newest. */
  readonly spanMs: number;
}

/** The longest time between an attempt and its retry. */
const RETRY_WITHIN_MS = 60_000;

interface Group {
  readonly newest: StreamRecord;
  oldest: StreamRecord;
  count: number;
}

/**
 * Collapses equal denials or failures into one row. They have the same host, tool, agent, verdict, reason and machine, and each follows
 * within a minute of the one before. Other records may come between. Records must be added newest first. A row keeps the key of its first
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

/** The facts in which equal attempts agree; null for an event that cannot be a retry. */
const likenessOf = ({ verdict, host, tool, agent, reason, source }: EgressEvent): string | null =>
  verdict === null || verdict === 'allow'
    ? null
    : JSON.stringify([verdict, host, tool, agent, reason, machineOf(source)]);
