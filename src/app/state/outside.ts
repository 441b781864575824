/** A running or sleeping mediator of one of the systems, as its own files tell of it. */
export interface MediatorState {
  readonly system: string;
  readonly name: string;
  readonly summary: string;
  /** What a restart would change; empty when it would change nothing. */
  readonly differences: readonly string[];
  readonly remedy: string | null;
  /** The revision of the policy file that it says is in force; null where it says nothing of the kind. */
  readonly revision: string | null;
  readonly mode: string | null;
}
