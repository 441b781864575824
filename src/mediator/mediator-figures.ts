/** Figures of a mediator since it started. */
export interface MediatorFigures {
  readonly decisions: Readonly<Record<'allow' | 'deny' | 'error' | 'pending', number>>;
  /** Open now. */
  readonly connections: number;
  /** Whether the last record could be written. */
  readonly isAuditWritten: boolean;
  /** Whether the policy file as it stands now is not in force. */
  readonly isPolicyRejected: boolean;
  readonly uptimeMs: number;
}
