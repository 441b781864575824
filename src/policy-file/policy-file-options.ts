import type { Dialect } from '../core/policy/dialect.ts';

/** Which file, how it is read, and who edits it. */
export interface PolicyFileOptions {
  readonly path: string;
  readonly dialect: Dialect;
  /** The first text of the file where it is not there yet and an edit adds to it; absent: no file is made. */
  readonly start?: string;
  /** Whether the folder is made with the file, where only the folder is missing; absent: it has to be there. */
  readonly makesFolder?: true;
  /** The journal's path. */
  readonly journal: string;
  /** `user@host`, for the journal. */
  readonly actor: string;
  /** Unix ms, for the journal and for the ends of grants. */
  readonly now: () => number;
}
