import { blankEvent, type EgressEvent, type JsonObject, type Verdict } from '../../../core/event.ts';
import { addressIn, splitDestination } from '../../../core/host.ts';
import { text, texts } from '../../../core/record.ts';
import { recordedTime } from '../../recorded-time.ts';
import type { Origin } from '../../system.ts';

/** Whether a record is one decision of a snapshot. */
export const isRow = (record: JsonObject): boolean =>
  record['sbx_list'] === 'blocked_hosts' || record['sbx_list'] === 'allowed_hosts';

/** Whether a record is a Docker audit record of a governed machine. */
export const isGoverned = (record: JsonObject): boolean =>
  text(record, 'audit_event_id') !== null && (text(record, 'category') ?? '').startsWith('AUDIT_CATEGORY_');

/** Decodes a record: a decision of a snapshot, an audit record, or a snapshot itself, which has no verdict. */
export function decodeSbx(record: JsonObject, origin: Origin): EgressEvent {
  if (isRow(record)) return decodeRow(record, origin);
  if (isGoverned(record)) return decodeGoverned(record, origin);
  return blankEvent({ system: 'sbx', source: origin.source, kind: 'policy log', raw: record });
}

/** Matches the reason of a blocked host that waits for an approval. */
const WAITS = /approval[ _-](?:is[ _-])?required|(?:pending|awaiting)[ _-]approval/i;

function decodeRow(record: JsonObject, origin: Origin): EgressEvent {
  const isAllowed = record['sbx_list'] === 'allowed_hosts';
  const rule = text(record, 'rule') || null;
  const why = text(record, 'reason') || rule || 'blocked';
  const verdict: Verdict = isAllowed ? 'allow' : WAITS.test(why) ? 'pending' : 'deny';
  const destination = splitDestination(text(record, 'host') ?? '');
  return {
    ...blankEvent({ system: 'sbx', source: origin.source, kind: 'network', raw: record }),
    ...recordedTime(record['last_seen']),
    ...destination,
    address: addressIn(destination.host),
    agent: text(record, 'vm_name') || origin.agent,
    verdict,
    rule,
    reason: isAllowed ? null : why,
    interception: isAllowed && text(record, 'proxy_type') === 'forward-bypass' ? 'opaque' : null,
  };
}

/** The decisions of an evaluation, with the older and newer words for an approval. */
const DECISIONS: Readonly<Record<string, Verdict>> = {
  AUDIT_DECISION_ALLOW: 'allow',
  AUDIT_DECISION_DENY: 'deny',
  AUDIT_DECISION_APPROVAL_REQUIRED: 'pending',
  AUDIT_DECISION_APPROVED: 'allow',
  AUDIT_DECISION_APPROVAL_ALLOW: 'allow',
  AUDIT_DECISION_REJECTED: 'deny',
  AUDIT_DECISION_APPROVAL_DENY: 'deny',
};

/** The decision of an evaluation if it is an unknown word; else null. */
export function unknownDecision(record: JsonObject): string | null {
  const decision = text(record, 'decision');
  const isKnown =
    decision === null || Object.hasOwn(DECISIONS, decision) || decision.endsWith('_UNSPECIFIED');
  return isGoverned(record) && isEvaluation(record) && !isKnown
    ? `decision ${JSON.stringify(decision)}`
    : null;
}

const isEvaluation = (record: JsonObject): boolean =>
  record['action_type'] === 'network_egress' && record['category'] === 'AUDIT_CATEGORY_EVALUATION';

function decodeGoverned(record: JsonObject, origin: Origin): EgressEvent {
  const action = text(record, 'action_type') ?? 'audit';
  const decision = text(record, 'decision') ?? '';
  const isNetwork = isEvaluation(record);
  const said = isNetwork && Object.hasOwn(DECISIONS, decision) ? (DECISIONS[decision] ?? null) : null;
  const isOnlyAudited = said === 'deny' && /(?:^|_)audit$/i.test(text(record, 'enforcement_mode') ?? '');
  const verdict = isOnlyAudited ? 'would-deny' : said;
  const destination = splitDestination(isNetwork ? (text(record, 'resource_id') ?? '') : '');
  const reason = texts(record, 'deny_reason')?.join('; ') ?? text(record, 'deny_reason') ?? decision;
  return {
    ...blankEvent({ system: 'sbx', source: origin.source, kind: action, raw: record }),
    ...recordedTime(record['timestamp']),
    ...destination,
    address: addressIn(destination.host),
    agent: text(record, 'agent') || origin.agent,
    verdict,
    reason: verdict === null || verdict === 'allow' ? null : reason,
  };
}
