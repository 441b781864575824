/**
 * What of a system's records is counted, so that a large log need not be decoded record by record: which keys each part of an event
 * is made of. Whoever counts decodes one record for every new value of a part and takes it for known in all others. A record with a
 * key that its shape does not name is always decoded, and so is one of which anything else is odd.
 */
export interface RecordShape {
  readonly system: string;
  /** Keys without which a record is not of this shape. */
  readonly required: readonly string[];
  /** For each part, all keys that it depends on, and no other part's. */
  readonly parts: Readonly<Record<Part, readonly string[]>>;
  /** Keys of a part that count only where none of the keys they stand in for holds a text that begins with a letter or digit, as every host that is one does. */
  readonly standIns: Readonly<Record<string, readonly string[]>>;
  /** Keys that change nothing that is counted, whatever they hold. */
  readonly silent: readonly string[];
  /** Where the instant stands; `isUnix`: it may also be a unix time, as `parseInstant` reads it, else it is RFC 3339 text. */
  readonly time: { readonly key: string; readonly isUnix: boolean };
  /** Keys of counts, which the decoder takes as they are, wherever it takes them. */
  readonly measured: Readonly<Partial<Record<Measure, string>>>;
}

/**
 * What an event is made of. `ruling`: system, kind, verdict, reason, interception, which measures are taken (it also depends on which keys
 * there are, and which of the measured ones hold numbers); `host`: host and address.
 */
export const PARTS = ['ruling', 'host', 'tool', 'agent'] as const;
export type Part = (typeof PARTS)[number];

/** What of an event is added up. */
export type Measure = 'bytes' | 'durationMs' | 'status';
