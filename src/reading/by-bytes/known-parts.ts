import type { EgressEvent } from '../../core/event.ts';
import type { CountedFields } from '../../core/traffic/event-sum.ts';
import type { ScannedRecord } from './scan/line-scanner.ts';

/** What the first part of an event says, and which measures its decoder takes. */
export interface Ruling extends Pick<
  CountedFields,
  'system' | 'kind' | 'verdict' | 'reason' | 'interception'
> {
  readonly hasBytes: boolean;
  readonly hasDuration: boolean;
  readonly hasStatus: boolean;
}

/** An event put together from its parts. */
export interface KnownEvent {
  readonly counted: CountedFields;
  readonly ruling: Ruling;
}

/** What the values of parts, by their scanner's numbers, were decoded to. */
export class KnownParts {
  /** Null: the decoder read such a record otherwise than the scanner did. */
  #rulings: (Ruling | null)[] = [];
  #hosts: Pick<CountedFields, 'host' | 'address'>[] = [];
  #tools: (string | null)[] = [];
  #agents: (string | null)[] = [];

  get size(): number {
    return this.#rulings.length + this.#hosts.length + this.#tools.length + this.#agents.length;
  }

  forget(): void {
    [this.#rulings, this.#hosts, this.#tools, this.#agents] = [[], [], [], []];
  }

  /** The event of the record that was scanned last; null where it must be decoded. */
  event(parts: Int32Array): KnownEvent | null {
    const [first = -1, second = -1, third = -1, fourth = -1] = parts;
    const ruling = this.#rulings[first];
    const to = this.#hosts[second];
    const tool = this.#tools[third];
    const agent = this.#agents[fourth];
    if (!ruling || !to || tool === undefined || agent === undefined) return null;
    const { system, kind, verdict, reason, interception } = ruling;
    return { counted: { system, kind, verdict, ...to, tool, agent, reason, interception }, ruling };
  }

  /** Learns what is new of a record; `event` is what it was decoded to, null where it is no event. Returns its event, or null where it must be decoded each time. */
  learn(event: EgressEvent | null, parts: Int32Array, record: ScannedRecord): KnownEvent | null {
    const [first = -1, second = -1, third = -1, fourth = -1] = parts;
    if (!event || !agree(event, record)) {
      this.#rulings[first] = null;
      return null;
    }
    const { system, kind, verdict, reason, interception, host, address, tool, agent } = event;
    this.#rulings[first] ??= {
      system,
      kind,
      verdict,
      reason,
      interception,
      hasBytes: event.bytes !== null,
      hasDuration: event.durationMs !== null,
      hasStatus: event.status !== null,
    };
    this.#hosts[second] ??= { host, address };
    if (this.#tools[third] === undefined) this.#tools[third] = tool;
    if (this.#agents[fourth] === undefined) this.#agents[fourth] = agent;
    const known = this.event(parts);
    return known && isSame(known, event) ? known : null;
  }
}

/** Whether the decoder found the system and the measures that the scanner did. */
const agree = ({ system, at, bytes, durationMs, status }: EgressEvent, record: ScannedRecord): boolean =>
  system === record.system &&
  Object.is(at ?? Number.NaN, record.at) &&
  Object.is(bytes ?? record.bytes, record.bytes) &&
  Object.is(durationMs ?? record.durationMs, record.durationMs) &&
  Object.is(status ?? record.status, record.status);

const FIELDS = ['kind', 'verdict', 'host', 'tool', 'agent', 'reason', 'interception', 'address'] as const;

/** Whether an event is what its parts make: where not, the system's shape is not what it says, and the record is decoded. */
const isSame = ({ counted, ruling }: KnownEvent, event: EgressEvent): boolean =>
  FIELDS.every(field => counted[field] === event[field]) &&
  ruling.hasBytes === (event.bytes !== null) &&
  ruling.hasDuration === (event.durationMs !== null) &&
  ruling.hasStatus === (event.status !== null);
