import type { EgressEvent } from './event.ts';
import { withoutQuery } from './url.ts';

/** The columns of one record as `log` prints it, before anything is made visible. An empty detail is left out. */
export interface LogColumns {
  readonly time: string;
  readonly event: string;
  readonly host: string;
  readonly detail: string | null;
}

/** The columns for a system that prints no text form of its records: the reason stands last, else the destination. */
export function standardColumns(event: EgressEvent): LogColumns {
  return {
    time: event.time ?? '-',
    event: event.verdict === null ? event.kind : `egress_${event.verdict.replace('-', '_')}`,
    host: event.host ?? '-',
    detail: event.reason ?? (event.url === null ? event.address : withoutQuery(event.url)),
  };
}
