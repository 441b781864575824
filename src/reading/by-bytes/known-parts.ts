import { VERDICTS, type EgressEvent } from '../../core/event.ts';
import type { HostFields, RulingFields } from '../../core/traffic/sums/sum-table.ts';
import { PART_FLAGS, VERDICT_SHIFT, type ScannedRecord } from './scan/line-scanner.ts';

/** The meaning of an event's first part, and the measures that its decoder takes. */
interface Ruling extends RulingFields {
  readonly hasBytes: boolean;
  readonly hasDuration: boolean;
  readonly hasStatus: boolean;
}

/** The decoded values of parts, by their scanner's numbers. */
export class KnownParts {
  readonly rulings = new Meanings<Ruling>(isSameRuling);
  readonly hosts = new Meanings<HostFields>(
    (one, other) => one.host === other.host && one.address === other.address,
  );
  readonly tools = new Meanings<string | null>(Object.is);
  readonly agents = new Meanings<string | null>(Object.is);

  readonly #measuresDurations: boolean;

  constructor(measuresDurations: boolean) {
    this.#measuresDurations = measuresDurations;
  }

  forget(): void {
    for (const meanings of [this.rulings, this.hosts, this.tools, this.agents]) meanings.forget();
  }

  /**
   * Learns the values of a record. `event` is what it was decoded to, null where it is no event. Returns what the scanner is to know of
   * each part, in the order of PARTS.
   */
  learn(event: EgressEvent | null, parts: Int32Array, record: ScannedRecord): readonly number[] {
    const [ruling = -1, to = -1, tool = -1, agent = -1] = parts;
    if (event && this.#agree(event, record)) {
      const { host, address } = event;
      this.rulings.learn(ruling, rulingOf(event));
      this.hosts.learn(to, { host, address });
      this.tools.learn(tool, event.tool);
      this.agents.learn(agent, event.agent);
    } else this.rulings.distrust(ruling);
    const known = this.rulings.valueOf(ruling);
    return [
      this.rulings.flagsOf(ruling) | (known ? measuresOf(known) : 0),
      this.hosts.flagsOf(to),
      this.tools.flagsOf(tool),
      this.agents.flagsOf(agent),
    ];
  }

  /** Whether the decoder found the system and the measures that the scanner did. */
  #agree({ system, at, bytes, durationMs, status }: EgressEvent, record: ScannedRecord): boolean {
    return (
      system === record.system &&
      Object.is(at ?? Number.NaN, record.at) &&
      Object.is(bytes ?? record.bytes, record.bytes) &&
      (!this.#measuresDurations || Object.is(durationMs ?? record.durationMs, record.durationMs)) &&
      Object.is(status ?? record.status, record.status)
    );
  }
}

/** The decoded values of one part, by their numbers. */
class Meanings<Value> {
  readonly #isSame: (one: Value, other: Value) => boolean;
  #values: Value[] = [];
  /** Values with which records were decoded to something else than before: from then on such records are decoded. */
  readonly #unsteady = new Set<number>();

  constructor(isSame: (one: Value, other: Value) => boolean) {
    this.#isSame = isSame;
  }

  get size(): number {
    return this.#values.length;
  }

  learn(number: number, value: Value): void {
    const known = this.valueOf(number);
    if (known === undefined) this.#values[number] = value;
    else if (!this.#isSame(known, value)) this.distrust(number);
  }

  distrust(number: number): void {
    this.#unsteady.add(number);
  }

  /** The value that the scanner counted it as, if it did; undefined where it was not learnt. */
  valueOf(number: number): Value | undefined {
    return this.#values[number];
  }

  flagsOf(number: number): number {
    if (this.#unsteady.has(number)) return PART_FLAGS.decoded;
    return this.valueOf(number) === undefined ? 0 : PART_FLAGS.known;
  }

  forget(): void {
    this.#values = [];
    this.#unsteady.clear();
  }
}

const measuresOf = ({ verdict, hasBytes, hasDuration, hasStatus }: Ruling): number =>
  (hasBytes ? PART_FLAGS.bytes : 0) |
  (hasDuration ? PART_FLAGS.duration : 0) |
  (hasStatus ? PART_FLAGS.status : 0) |
  ((verdict === null ? 0 : 1 + VERDICTS.indexOf(verdict)) << VERDICT_SHIFT);

const rulingOf = ({ system, kind, verdict, reason, interception, ...event }: EgressEvent): Ruling => ({
  system,
  kind,
  verdict,
  reason,
  interception,
  hasBytes: event.bytes !== null,
  hasDuration: event.durationMs !== null,
  hasStatus: event.status !== null,
});

function isSameRuling(one: Ruling, other: Ruling): boolean {
  return (
    one.system === other.system &&
    one.kind === other.kind &&
    one.verdict === other.verdict &&
    one.reason === other.reason &&
    one.interception === other.interception &&
    measuresOf(one) === measuresOf(other)
  );
}
