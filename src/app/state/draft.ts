import type { Policy, PolicyEdit } from '../../core/policy/dialect.ts';

/** A policy being tried: edits that are laid on the file's text, and written only when the operator saves them. */
export interface Draft {
  /** The edits that were put into it, oldest first. */
  readonly edits: readonly PolicyEdit[];
  /** The file with these edits; of the edits before, while the newest is being laid; null until the file was read for it. */
  readonly laid: LaidDraft | null;
  /** Why they cannot be laid on the file as it is now; null when they can. */
  readonly why: string | null;
}

/** A draft's edits on the file's text. */
export interface LaidDraft {
  /** Of the file they were laid on. */
  readonly revision: string;
  readonly policy: Policy;
  /** All edits as one: what saving writes. */
  readonly whole: PolicyEdit;
}

export const EMPTY_DRAFT: Draft = { edits: [], laid: null, why: null };

/** `1 edit`, `3 edits`. */
export const countEdits = ({ edits }: Pick<Draft, 'edits'>): string =>
  `${edits.length} ${edits.length === 1 ? 'edit' : 'edits'}`;
