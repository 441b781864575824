import type { Verdict } from '../../../core/event.ts';

/** The verdicts of event types. `CredentialLeakBlocked` forwards the request: only the credential was removed. */
const VERDICTS: ReadonlyMap<string, Verdict> = new Map<string, Verdict>([
  ['ToolCallIntercepted', 'allow'],
  ['A2ACallIntercepted', 'allow'],
  ['ToolDispatched', 'allow'],
  ['CredentialLeakBlocked', 'allow'],
  ['PolicyViolation', 'deny'],
  ['ApprovalRequested', 'pending'],
]);

/**
 * The verdict that the `event_type` of a network action implies if no other field has one (`aa-core/src/audit.rs`); null for other types.
 */
export const verdictOfEvent = (eventType: string | null): Verdict | null =>
  VERDICTS.get(eventType ?? '') ?? null;
