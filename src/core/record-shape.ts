/**
 * The keys of a record that determine each part of its event. With them a large log need not be decoded record by record: the counter
 * decodes one record for each new value of a part, and reuses the result. It always decodes a record that has an unknown key or is unusual
 * in another way. `WITHIN` joins the keys of nested objects, which are read key by key.
 */
export interface RecordShape {
  readonly system: string;
  /** Keys that every record of this shape has. */
  readonly required: readonly string[];
  /** The keys that determine each part. No key may belong to two parts. */
  readonly parts: Readonly<Record<Part, readonly string[]>>;
  /**
   * Keys of a part that replace other keys. They count only where none of the other keys holds a text that begins with a letter or digit.
   */
  readonly standIns: Readonly<Record<string, readonly string[]>>;
  /** Keys whose values have no effect on any count. */
  readonly silent: readonly string[];
  /**
   * The key of the event's time. `isUnix`: the value is RFC 3339 text or a unix time, else only RFC 3339 text. `hasOthers`: the time may
   * stand at another key, which the counter does not read.
   */
  readonly time: { readonly key: string; readonly isUnix: boolean; readonly hasOthers?: boolean };
  /** The keys of counts that the decoder copies unchanged. */
  readonly measured: Readonly<Partial<Record<Measure, string>>>;
  /** Keys of parts that hold `host:port`, where the port makes no difference to the part. */
  readonly withoutPorts?: readonly string[];
  /** A key whose byte count the decoder adds to that of `measured.bytes`. */
  readonly addedBytes?: string;
}

/** Joins the keys of a path into nested objects. No JSON key holds this character unescaped. */
export const WITHIN = '\0';

/**
 * The parts of an event. `ruling`: system, kind, verdict, reason, interception and the set of measures. It also depends on which keys exist
 * and which measured ones are numbers. `host`: host and address.
 */
export const PARTS = ['ruling', 'host', 'tool', 'agent'] as const;
export type Part = (typeof PARTS)[number];

/** A number of an event, such as its bytes. */
export type Measure = 'bytes' | 'durationMs' | 'status';
