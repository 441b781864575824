import { Denials, type DenialFacts, type HostDenials } from './denials.ts';
import { Histograms } from './histograms.ts';
import { Minutes } from './time/minutes.ts';
import { Names } from './names.ts';
import { Slab } from './slab.ts';
import { Tallies } from './tallies.ts';
import type { NameCounts } from './tally.ts';
import { VerdictTallies, type NameVerdicts } from './verdict-tallies.ts';
import type { Verdict } from '../event.ts';

/** The columns of a row's measures. NaN: unknown. */
export const MEASURE = {
  allow: 0,
  deny: 1,
  'would-deny': 2,
  pending: 3,
  error: 4,
  bytes: 5,
  first: 6,
  last: 7,
  lastDenied: 8,
  status: 9,
} as const;

const UNKNOWN_AT_FIRST = [MEASURE.first, MEASURE.last, MEASURE.lastDenied, MEASURE.status];

/** The columns that point to a row's data in other slabs. 0: no data. */
export const REFERENCE = {
  interception: 0,
  durations: 1,
  address: 2,
  tools: 3,
  agents: 4,
  reasons: 5,
  systems: 6,
  refusedCertificate: 7,
  denials: 8,
  minutes: 9,
} as const;

const TALLIES = [REFERENCE.reasons, REFERENCE.systems, REFERENCE.refusedCertificate];
/** Tools and agents have counts by verdict. */
const VERDICT_TALLIES = [REFERENCE.tools, REFERENCE.agents];

/** The storage of all rows of a Traffic: 120 bytes a row, plus its names and durations. */
export class RowStore {
  readonly measures = Slab.ofDoubles(Object.keys(MEASURE).length);
  readonly references = Slab.ofReferences(Object.keys(REFERENCE).length);
  readonly names = new Names();
  readonly tallies = new Tallies(this.names);
  readonly verdictTallies = new VerdictTallies(this.names);
  readonly denials = new Denials(this.names, this.tallies);
  readonly histograms = new Histograms();
  readonly minutes = new Minutes();

  readonly #keepsDenials: boolean;

  /** `keepsDenials`: whether to store the agents, tools and reasons of denials. */
  constructor(keepsDenials = true) {
    this.#keepsDenials = keepsDenials;
    this.#blank(0);
  }

  /** Takes a new, empty row. */
  take(): number {
    const row = this.measures.take();
    this.references.take();
    this.#blank(row);
    return row;
  }

  #blank(row: number): void {
    for (const column of UNKNOWN_AT_FIRST) this.measures.set(row, column, Number.NaN);
  }

  // More than three parameters: a record would be allocated for each event.

  count(row: number, column: number, name: string, times: number, limit: number): void {
    const first = this.references.get(row, column);
    this.references.set(row, column, this.tallies.add(first, name, times, limit));
  }

  merge(row: number, column: number, newer: NameCounts, limit: number): void {
    const first = this.references.get(row, column);
    this.references.set(row, column, this.tallies.merge(first, newer, limit));
  }

  /** Adds decisions with a name and a verdict. */
  rule(row: number, column: number, ruled: readonly [string, Verdict, number], limit: number): void {
    const first = this.references.get(row, column);
    this.references.set(row, column, this.verdictTallies.add(first, ruled, limit));
  }

  mergeRuled(row: number, column: number, newer: NameVerdicts, limit: number): void {
    const first = this.references.get(row, column);
    this.references.set(row, column, this.verdictTallies.merge(first, newer, limit));
  }

  deny(row: number, denial: DenialFacts, times: number, limit: number): void {
    if (!this.#keepsDenials) return;
    const first = this.references.get(row, REFERENCE.denials);
    this.references.set(row, REFERENCE.denials, this.denials.add(first, denial, times, limit));
  }

  /** Adds denials of one kind. Returns the number of the kind; 0 where denials are not kept. */
  denyMany(row: number, kind: Pick<DenialFacts, 'system' | 'reason'>, times: number, limit: number): number {
    if (!this.#keepsDenials) return 0;
    const [first, found] = this.denials.addMany(
      this.references.get(row, REFERENCE.denials),
      kind,
      times,
      limit,
    );
    this.references.set(row, REFERENCE.denials, first);
    return found;
  }

  mergeDenials(row: number, newer: HostDenials, limit: number): void {
    if (!this.#keepsDenials) return;
    const first = this.references.get(row, REFERENCE.denials);
    this.references.set(row, REFERENCE.denials, this.denials.merge(first, newer, limit));
  }

  /** Replaces the name in a column. */
  name(row: number, column: number, name: string): void {
    const number = this.references.get(row, column);
    if (this.names.nameOf(number) === name) return;
    this.references.set(row, column, this.names.hold(name));
    this.names.drop(number);
  }

  /** Frees a row and all data that it points to. */
  free(row: number): void {
    for (const column of TALLIES) this.tallies.free(this.references.get(row, column));
    for (const column of VERDICT_TALLIES) this.verdictTallies.free(this.references.get(row, column));
    this.denials.free(this.references.get(row, REFERENCE.denials));
    this.histograms.free(this.references.get(row, REFERENCE.durations));
    this.minutes.free(this.references.get(row, REFERENCE.minutes));
    this.names.drop(this.references.get(row, REFERENCE.address));
    this.measures.free(row);
    this.references.free(row);
  }
}
