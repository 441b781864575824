/**
 * The keys that each part of an event is made of, so that a large log need not be decoded record by record. The counter decodes one
 * record for each new value of a part, and reuses the result for all others. A record with an unknown key, or anything else unusual,
 * is always decoded. Keys within objects are joined by `WITHIN`: such an object is read key by key, and not as one value.
 */
export interface RecordShape {
  readonly system: string;
  /** Keys without which a record is not of this shape. */
  readonly required: readonly string[];
  /** For each part, all keys that it depends on, and no other part's. */
  readonly parts: Readonly<Record<Part, readonly string[]>>;
  /** Keys of a part that replace other keys. They count only where none of those holds a text that begins with a letter or digit. */
  readonly standIns: Readonly<Record<string, readonly string[]>>;
  /** Keys whose value changes no count. */
  readonly silent: readonly string[];
  /**
   * Where the instant stands; `isUnix`: it may also be a unix time, as `parseInstant` reads it, else it is RFC 3339 text. `hasOthers`: it
   * may stand elsewhere, where it cannot be read here.
   */
  readonly time: { readonly key: string; readonly isUnix: boolean; readonly hasOthers?: boolean };
  /** Keys of counts that the decoder takes unchanged. */
  readonly measured: Readonly<Partial<Record<Measure, string>>>;
  /** Keys of parts that hold `host:port`, where the port makes no difference to the part. */
  readonly withoutPorts?: readonly string[];
  /** A key of bytes that the decoder adds to those of `measured`, where either is a count. */
  readonly addedBytes?: string;
}

/** Stands between the keys of a path into objects. No JSON key holds it unescaped. */
export const WITHIN = '\0';

/**
 * The parts of an event. `ruling`: system, kind, verdict, reason, interception, which measures are taken (it also depends on which keys
 * there are, and which of the measured ones hold numbers); `host`: host and address.
 */
export const PARTS = ['ruling', 'host', 'tool', 'agent'] as const;
export type Part = (typeof PARTS)[number];

/** A measure of an event that is added up. */
export type Measure = 'bytes' | 'durationMs' | 'status';
