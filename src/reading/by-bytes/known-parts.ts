import { VERDICTS, type EgressEvent } from '../../core/event.ts';
import type { CountedFields } from '../../core/traffic/event-sum.ts';
import { PART_FLAGS, VERDICT_SHIFT, type ScannedRecord } from './scan/line-scanner.ts';

/** What the first part of an event says, and which measures its decoder takes. */
interface Ruling extends Pick<CountedFields, 'system' | 'kind' | 'verdict' | 'reason' | 'interception'> {
  readonly hasBytes: boolean;
  readonly hasDuration: boolean;
  readonly hasStatus: boolean;
}

type To = Pick<CountedFields, 'host' | 'address'>;

/** A value with which records were decoded to something else than with the same value before: such records are decoded. */
const UNSTEADY = Symbol('unsteady');
/** What the values of a part were decoded to, by their scanner's numbers; undefined: nobody knows yet. */
type Values<Value> = (Value | typeof UNSTEADY | undefined)[];

/** What the values of parts, by their scanner's numbers, were decoded to. */
export class KnownParts {
  #rulings: Values<Ruling> = [];
  #hosts: Values<To> = [];
  #tools: Values<string | null> = [];
  #agents: Values<string | null> = [];

  forget(): void {
    [this.#rulings, this.#hosts, this.#tools, this.#agents] = [[], [], [], []];
  }

  /** What events with these values are counted by. Throws a TypeError where one of them was not learnt. */
  counted([first = -1, second = -1, third = -1, fourth = -1]: readonly number[]): CountedFields {
    const { system, kind, verdict, reason, interception } = steady(this.#rulings[first]);
    const { host, address } = steady(this.#hosts[second]);
    const [tool, agent] = [steady(this.#tools[third]), steady(this.#agents[fourth])];
    return { system, kind, verdict, host, tool, agent, reason, interception, address };
  }

  /**
   * Learns the values of a record. `event` is what it was decoded to, null where it is no event. Returns what the scanner is to know of
   * each part, in the order of PARTS.
   */
  learn(event: EgressEvent | null, parts: Int32Array, record: ScannedRecord): readonly number[] {
    const [first = -1, second = -1, third = -1, fourth = -1] = parts;
    if (!event || !agree(event, record)) {
      this.#rulings[first] = UNSTEADY;
    } else {
      const { host, address, tool, agent } = event;
      note([this.#rulings, first], rulingOf(event), isSameRuling);
      note([this.#hosts, second], { host, address }, isSameHost);
      note([this.#tools, third], tool, Object.is);
      note([this.#agents, fourth], agent, Object.is);
    }
    const ruling = this.#rulings[first];
    const kept = [this.#hosts[second], this.#tools[third], this.#agents[fourth]];
    return [
      flagsOf(ruling) | (ruling === undefined || ruling === UNSTEADY ? 0 : rulingFlags(ruling)),
      ...kept.map(flagsOf),
    ];
  }
}

function steady<Value>(value: Value | typeof UNSTEADY | undefined): Value {
  if (value === undefined || value === UNSTEADY) throw new TypeError('a counted part was not learnt');
  return value;
}

function note<Value>(
  [values, number]: readonly [Values<Value>, number],
  value: Value,
  isSame: (one: Value, other: Value) => boolean,
): void {
  const known = values[number];
  if (known === undefined) values[number] = value;
  else if (known !== UNSTEADY && !isSame(known, value)) values[number] = UNSTEADY;
}

const flagsOf = (value: unknown): number => {
  if (value === undefined) return 0;
  return value === UNSTEADY ? PART_FLAGS.decoded : PART_FLAGS.known;
};

const rulingFlags = ({ verdict, hasBytes, hasDuration, hasStatus }: Ruling): number =>
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

const isSameRuling = (one: Ruling, other: Ruling): boolean =>
  one.system === other.system &&
  one.kind === other.kind &&
  one.verdict === other.verdict &&
  one.reason === other.reason &&
  one.interception === other.interception &&
  one.hasBytes === other.hasBytes &&
  one.hasDuration === other.hasDuration &&
  one.hasStatus === other.hasStatus;

const isSameHost = (one: To, other: To): boolean => one.host === other.host && one.address === other.address;

/** Whether the decoder found the system and the measures that the scanner did. */
const agree = ({ system, at, bytes, durationMs, status }: EgressEvent, record: ScannedRecord): boolean =>
  system === record.system &&
  Object.is(at ?? Number.NaN, record.at) &&
  Object.is(bytes ?? record.bytes, record.bytes) &&
  Object.is(durationMs ?? record.durationMs, record.durationMs) &&
  Object.is(status ?? record.status, record.status);
