import type { Verdict } from '../event.ts';
import type { RecordShape } from '../record-shape.ts';

/**
 * How one kind of JSON record is read as decisions: an operator's or a shipped YAML file as plain data. It holds no code and no regular
 * expression, so that it may come from anywhere and go to another thread.
 */
export interface FieldMap {
  readonly name: string;
  /** The file that it came from; null for one of the package. */
  readonly file: string | null;
  /** Only of a map of the package, as the build found them: how its records may be counted by bytes. */
  readonly shapes?: readonly RecordShape[];
  /** How its lines are written: as JSON, or as `key=value` pairs. */
  readonly text: 'json' | 'logfmt';
  /** A record is of this kind where one of these holds. */
  readonly when: readonly Conditions[];
  /** Records of this kind that rule on nothing. */
  readonly ignore: readonly Conditions[];
  /** In order: the first that holds gives the verdict. There is no default. */
  readonly verdict: readonly VerdictRule[];
  /** Where each field stands; the first place that holds something counts. */
  readonly fields: Readonly<Partial<Record<MapField, readonly MapValue[]>>>;
  readonly time: readonly MapValue[];
  /** The unit of a numeric time; null where its size tells. */
  readonly timeUnit: TimeUnit | null;
  readonly durationUnit: TimeUnit;
  /** The contents of a log that does not hold every ruling, as `denials only`; null for a whole log. */
  readonly holds: string | null;
  readonly samples: readonly MapSample[];
}

/** The fields of an event that a map may fill, beside its time and verdict. */
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

/** The units of a numeric time, and how many milliseconds each has. */
export const UNIT_MS = { s: 1e3, ms: 1, us: 1e-3, ns: 1e-6 } as const;
export type TimeUnit = keyof typeof UNIT_MS;

/** One verdict, and what a record must hold for it. */
export interface VerdictRule {
  readonly verdict: Verdict;
  readonly when: Conditions;
}

/** All of them must hold. */
export type Conditions = readonly Condition[];

/** A condition on one place of a record. */
export interface Condition {
  readonly path: MapPath;
  readonly test: MapTest;
}

/**
 * `is`: one of these texts; `*` in a text stands for anything. `not`: none of them, or nothing. `other`: something, and none of them.
 * `exists`: something, or nothing.
 */
export type MapTest =
  | { readonly type: 'is' | 'not' | 'other'; readonly patterns: readonly string[] }
  | { readonly type: 'exists'; readonly wanted: boolean };

/** The place of a value. It stands at one path, as the host in a path's text, in a text made of several, or as the sum of several. */
export type MapValue =
  | { readonly type: 'path'; readonly path: MapPath }
  | { readonly type: 'host'; readonly path: MapPath }
  | { readonly type: 'template'; readonly pieces: readonly (string | MapPath)[] }
  | { readonly type: 'sum'; readonly paths: readonly MapPath[] };

/** A way into a record, and its text. */
export interface MapPath {
  readonly text: string;
  readonly steps: readonly PathStep[];
}

/** `each` goes into every item of a list; `json` reads a text as JSON. */
export type PathStep =
  | { readonly type: 'key'; readonly key: string }
  | { readonly type: 'index'; readonly index: number }
  | { readonly type: 'each' }
  | { readonly type: 'json' };

/** A map's reading of a sample: a verdict, no decision, a value that it does not list, or no record of its kind. */
export type SampleOutcome = Verdict | 'ignored' | 'unlisted' | 'foreign';

/** A line that the map must read as it says, or it is refused. */
export interface MapSample {
  readonly line: string;
  readonly verdict: SampleOutcome;
  /** The expected fields. */
  readonly fields: Readonly<Partial<Record<MapField, string>>>;
  /** The line of the map's file where the sample stands, 1-based. */
  readonly at: number;
}
