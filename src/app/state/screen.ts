/** The screens, in the order of their number keys. Machines has something to show only for a fleet. */
export const SCREENS = [
  'hosts',
  'denied',
  'tools',
  'agents',
  'stream',
  'policy',
  'suggest',
  'machines',
] as const;
export type ScreenName = (typeof SCREENS)[number];

/** The columns a list can be ordered by. */
export type SortKey =
  | 'total'
  | 'deny'
  | 'error'
  | 'last'
  | 'first'
  | 'denied'
  | 'name'
  | 'bytes'
  | 'latency'
  | 'rate'
  | 'trend'
  | 'new'
  | 'line'
  | 'list';

/** Where the operator stands in a list: on a row by its key, so that the cursor holds on to a host and not to a row number. */
export interface ListState {
  readonly key: string | null;
  /** Where that row was last seen; where the cursor goes when the row is no more. */
  readonly index: number;
  /** The first row shown. */
  readonly top: number;
  readonly sort: SortKey;
  readonly isReversed: boolean;
}
