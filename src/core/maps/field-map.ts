import type { Verdict } from '../event.ts';
import type { RecordShape } from '../record-shape.ts';

/**
 * Describes how one kind of JSON record is read as decisions. It is the plain data of a YAML file, of the operator or of this package. It
 * holds no code and no regular expression, so that untrusted maps are safe and a map can be sent to another thread.
 */
export interface FieldMap {
  readonly name: string;
  /** The file of the map; null for a map of this package. */
  readonly file: string | null;
  /** Only of a map of the package, as the build found them: how its records may be counted by bytes. */
  readonly shapes?: readonly RecordShape[];
  /** The format of a line: JSON, or `key=value` pairs. */
  readonly text: 'json' | 'logfmt';
  /** The map applies to a record if one of these is true. */
  readonly when: readonly Conditions[];
  /** Records of this kind that are no decisions. */
  readonly ignore: readonly Conditions[];
  /** The first rule that is true gives the verdict. There is no default. */
  readonly verdict: readonly VerdictRule[];
  /** The places of each field. The first place with a value counts. */
  readonly fields: Readonly<Partial<Record<MapField, readonly MapValue[]>>>;
  readonly time: readonly MapValue[];
  /** The unit of a numeric time; null where the size of the number tells it. */
  readonly timeUnit: TimeUnit | null;
  readonly durationUnit: TimeUnit;
  /** The contents of an incomplete log, such as `denials only`; null for a complete log. */
  readonly holds: string | null;
  readonly samples: readonly MapSample[];
}

/** The fields of an event that a map may fill, besides its time and verdict. */
export const MAP_FIELDS = [
  'host',
  'port',
  'address',
  'agent',
  'tool',
  'method',
  'url',
  'reason',
  'rule',
  'bytes',
  'status',
  'duration',
  'id',
  'kind',
] as const;
export type MapField = (typeof MAP_FIELDS)[number];

/** The units of a numeric time, in milliseconds. */
export const UNIT_MS = { s: 1e3, ms: 1, us: 1e-3, ns: 1e-6 } as const;
export type TimeUnit = keyof typeof UNIT_MS;

/** A verdict, and the conditions under which it applies. */
export interface VerdictRule {
  readonly verdict: Verdict;
  readonly when: Conditions;
}

/** Conditions that must all be true. */
export type Conditions = readonly Condition[];

/** A condition on one value of a record. */
export interface Condition {
  readonly path: MapPath;
  readonly test: MapTest;
}

/**
 * `is`: the value is one of these texts, in which `*` matches anything. `not`: it is none of them, or missing. `other`: it exists and is
 * none of them. `exists`: whether it exists.
 */
export type MapTest =
  | { readonly type: 'is' | 'not' | 'other'; readonly patterns: readonly string[] }
  | { readonly type: 'exists'; readonly wanted: boolean };

/** The place of a value: one path, the host in the text at a path, a text built from several paths, or the sum of several paths. */
export type MapValue =
  | { readonly type: 'path'; readonly path: MapPath }
  | { readonly type: 'host'; readonly path: MapPath }
  | { readonly type: 'template'; readonly pieces: readonly (string | MapPath)[] }
  | { readonly type: 'sum'; readonly paths: readonly MapPath[] };

/** A path into a record, and its spelling. */
export interface MapPath {
  readonly text: string;
  readonly steps: readonly PathStep[];
}

/** `each` descends into every item of a list; `json` parses a text as JSON. */
export type PathStep =
  | { readonly type: 'key'; readonly key: string }
  | { readonly type: 'index'; readonly index: number }
  | { readonly type: 'each' }
  | { readonly type: 'json' };

/** The result of reading a sample: a verdict, an ignored record, a value that the map does not list, or a record of another kind. */
export type SampleOutcome = Verdict | 'ignored' | 'unlisted' | 'foreign';

/** A line with its expected result. A map that reads it otherwise is refused. */
export interface MapSample {
  readonly line: string;
  readonly verdict: SampleOutcome;
  /** The expected values of fields. */
  readonly fields: Readonly<Partial<Record<MapField, string>>>;
  /** The line of the sample in the map's file, 1-based. */
  readonly at: number;
}
