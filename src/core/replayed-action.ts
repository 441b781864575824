import type { Attempt } from './dialect.ts';

/** What an agent did, as a policy is asked to rule on it once more. `label` says it in one line, as recorded: not yet safe for a terminal. */
export type ReplayedAction =
  | { readonly type: 'request'; readonly label: string; readonly attempt: Attempt }
  | { readonly type: 'tool-call'; readonly label: string; readonly tool: string }
  /** A file, a process, a message: nothing that an egress policy rules on. */
  | { readonly type: 'other'; readonly label: string }
  /** Recorded in a way that nobody can read. */
  | { readonly type: 'unreadable'; readonly label: string; readonly why: string };
