import type { EgressEvent } from '../core/event.ts';
import { withoutQuery } from '../core/url.ts';
import type { LogColumns } from './system.ts';

/** How `log` prints a record of a system that has no text form of its own, FORMATS §0.5. */
export function standardColumns(event: EgressEvent): LogColumns {
  return {
    time: event.time ?? '-',
    event: event.verdict === null ? event.kind : `egress_${event.verdict.replace('-', '_')}`,
    host: event.host ?? '-',
    detail: event.reason ?? (event.url === null ? event.address : withoutQuery(event.url)),
  };
}
