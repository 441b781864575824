import type { EgressEvent } from '../../../core/event.ts';
import { text } from '../../../core/record.ts';

const FIELDS = [
  'ts',
  'runtime_id',
  'session_id',
  'event_id',
  'operation_id',
  'host',
  'dst',
  'reason',
] as const;

/** An element of `egress` in `microagent egress --json`: the existing fields, and the record. */
export function workspaceRecord({ kind, raw }: EgressEvent): object {
  const known = FIELDS.flatMap(field => {
    const value = text(raw, field);
    return value === null ? [] : [[field, value] as const];
  });
  return { event: kind, ...Object.fromEntries(known), raw };
}
