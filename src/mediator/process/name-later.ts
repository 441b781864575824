import { UNNAMED } from '../caller.ts';
import type { TunnelRecord } from '../tunnel/tunnel-event.ts';
import type { ClientProcess } from './client-processes.ts';

/** A denial is all there is of its attempt. Where its client's process was not known yet, a record of its own names it later. */
export function nameLater(record: TunnelRecord, tell: (record: TunnelRecord) => void): void {
  if (!record.event.endsWith('_deny')) return;
  const client = (record as { readonly [UNNAMED]?: ClientProcess })[UNNAMED];
  const { host, agent, tool, correlation_id } = record;
  client?.later(process => tell({ event: 'egress_process', host, agent, tool, correlation_id, ...process }));
}
