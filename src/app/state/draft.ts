import type { Policy, PolicyEdit } from '../../core/policy/dialect.ts';

/** A draft: edits of the policy that are written only when the operator saves them. */
export interface Draft {
  /** The edits of the draft, oldest first. */
  readonly edits: readonly PolicyEdit[];
  /** The file with these edits. While the newest edit is being applied, it lacks that one. Null until the file was read. */
  readonly laid: LaidDraft | null;
  /** Why the edits cannot be applied to the present file; null if they can. */
  readonly why: string | null;
}

/** The result of applying a draft's edits to the file's text. */
export interface LaidDraft {
  /** The revision of the file before the edits. */
  readonly revision: string;
  readonly policy: Policy;
  /** All edits as one, which is written on saving. */
  readonly whole: PolicyEdit;
}

export const EMPTY_DRAFT: Draft = { edits: [], laid: null, why: null };

/** `1 edit`, `3 edits`. */
export const countEdits = ({ edits }: Pick<Draft, 'edits'>): string =>
  `${edits.length} ${edits.length === 1 ? 'edit' : 'edits'}`;
