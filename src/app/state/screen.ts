/** The screens, in the order of their number keys. Machines is used only for a fleet. */
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

/** The columns by which lists can be sorted. */
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

/** The place in a list. The cursor is on a row by its key, so that it stays on a host when rows move. */
export interface ListState {
  readonly key: string | null;
  /** The row's last index, to which the cursor falls back when the row is gone. */
  readonly index: number;
  /** The index of the first visible row. */
  readonly top: number;
  readonly sort: SortKey;
  readonly isReversed: boolean;
}
