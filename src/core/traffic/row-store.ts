import { Denials, type DenialFacts, type HostDenials } from './denials.ts';
import { Histograms } from './histograms.ts';
import { Minutes } from './time/minutes.ts';
import { Names } from './names.ts';
import { Slab } from './slab.ts';
import { Tallies } from './tallies.ts';
import type { NameCounts } from './tally.ts';
import { VerdictTallies, type NameVerdicts } from './verdict-tallies.ts';
import type { Verdict } from '../event.ts';

/** The columns of a row's measures; NaN where nothing is known. */
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

/** The columns that say where the rest of a row is; 0 where there is none. */
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
/** Tools and agents are counted by verdict. */
const VERDICT_TALLIES = [REFERENCE.tools, REFERENCE.agents];

/** Where the rows of a Traffic keep their numbers: 120 bytes a row, and what its names and durations take. */
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

  /** `keepsDenials`: whether anybody reads who was refused, with what and why. */
  constructor(keepsDenials = true) {
    this.#keepsDenials = keepsDenials;
    this.#blank(0);
  }

  /** A row of which nothing is known. */
  take(): number {
    const row = this.measures.take();
    this.references.take();
    this.#blank(row);
    return row;
  }

  #blank(row: number): void {
    for (const column of UNKNOWN_AT_FIRST) this.measures.set(row, column, Number.NaN);
  }

  // More than three parameters: a record of them would be made for each event.

  count(row: number, column: number, name: string, times: number, limit: number): void {
    const first = this.references.get(row, column);
    this.references.set(row, column, this.tallies.add(first, name, times, limit));
  }

  merge(row: number, column: number, newer: NameCounts, limit: number): void {
    const first = this.references.get(row, column);
    this.references.set(row, column, this.tallies.merge(first, newer, limit));
  }

  /** Counts decisions by a name and their verdict. */
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

  /** Returns the kind of the denials; 0 where they are not kept. */
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

  /** Puts a name in the place of the one that was there. */
  name(row: number, column: number, name: string): void {
    const number = this.references.get(row, column);
    if (this.names.nameOf(number) === name) return;
    this.references.set(row, column, this.names.hold(name));
    this.names.drop(number);
  }

  /** Gives a row back, and all that it refers to. */
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
