import type { EgressEvent } from './event.ts';
import { withoutQuery } from './url.ts';

/** The columns of one record as `log` prints it, not yet safe for a terminal. An empty detail is omitted. */
export interface LogColumns {
  readonly time: string;
  readonly event: string;
  readonly host: string;
  readonly detail: string | null;
}

/** The columns for a system without a text format of its own. The last column is the reason, else the destination. */
export function standardColumns(event: EgressEvent): LogColumns {
  return {
    time: event.time ?? '-',
    event: event.verdict === null ? event.kind : `egress_${event.verdict.replace('-', '_')}`,
    host: event.host ?? '-',
    detail: event.reason ?? (event.url === null ? event.address : withoutQuery(event.url)),
  };
}
