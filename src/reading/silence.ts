import { isDecision, type EgressEvent } from '../core/event.ts';
import type { Problem } from '../core/problem.ts';
import { SILENCE_REMEDY, silenceWhy, type SourceTotal } from '../core/traffic/source-totals.ts';
import type { Traffic } from '../core/traffic/traffic.ts';

/** How many records there were, and how many of them were decisions. */
export type RecordCounts = Pick<SourceTotal, 'decisions' | 'records'>;

/** Those of all that was counted, records of no known system included. */
export const decisionsAndRecords = ({ totals, info, unrecognised }: Traffic): RecordCounts => ({
  decisions: totals.total,
  records: totals.total + info + unrecognised.total,
});

const NONE: RecordCounts = { decisions: 0, records: 0 };

/** The notice on a source with many records and no decision: it is probably not the log that was meant. Null for any other. */
export function silenceOf(source: string, before: RecordCounts, after: RecordCounts): Problem | null {
  const why = silenceWhy({
    records: after.records - before.records,
    decisions: after.decisions - before.decisions,
  });
  if (why === null) return null;
  return { source, line: null, column: null, severity: 'warning', why, remedy: SILENCE_REMEDY };
}

/** Counts records and decisions of each source while they pass by. */
export class SourceCounts {
  readonly #counts = new Map<string, RecordCounts>();

  add(event: EgressEvent): void {
    const { decisions, records } = this.#counts.get(event.source) ?? NONE;
    this.#counts.set(event.source, {
      decisions: decisions + (isDecision(event) ? 1 : 0),
      records: records + 1,
    });
  }

  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  /** The notices on the sources that hold no decision. */
  silences(): readonly Problem[] {
    return [...this.#counts].flatMap(([source, counts]) => silenceOf(source, NONE, counts) ?? []);
  }
}
