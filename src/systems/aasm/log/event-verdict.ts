import type { Verdict } from '../../../core/event.ts';

/** `CredentialLeakBlocked` forwards: only the credential was taken out. */
const VERDICTS: ReadonlyMap<string, Verdict> = new Map<string, Verdict>([
  ['ToolCallIntercepted', 'allow'],
  ['A2ACallIntercepted', 'allow'],
  ['ToolDispatched', 'allow'],
  ['CredentialLeakBlocked', 'allow'],
  ['PolicyViolation', 'deny'],
  ['ApprovalRequested', 'pending'],
]);

/** The verdict that the `event_type` of a network action implies where no other field rules (`aa-core/src/audit.rs`); null for other types. */
export const verdictOfEvent = (eventType: string | null): Verdict | null =>
  VERDICTS.get(eventType ?? '') ?? null;
