import type { Node } from 'yaml';
import type { PolicyReading } from './policy-reading.ts';

/** The capability for outbound connections. */
export const NETWORK_OUTBOUND = 'network_outbound';

const ENFORCED = new Set(['file_read', 'file_write', 'file_delete', NETWORK_OUTBOUND, 'terminal_exec']);
const INERT = new Set(['network_inbound', 'agent_spawn']);

/** Checks whether a name is a capability, and whether aasm enforces it (`aa-core/src/capability.rs`). */
export function checkCapability(
  reading: PolicyReading,
  { field, node }: { readonly field: string; readonly node: Node },
  name: string,
): void {
  const [, kind, own] = /^(mcp_tool|model):(.*)$/s.exec(name) ?? [];
  if (own === '')
    return reading.error(node, `${field} — ${kind}: name must not be empty`, `write a name, as ${kind}:NAME`);
  if (kind === undefined && !ENFORCED.has(name) && !INERT.has(name))
    return reading.error(
      node,
      `${field} — unknown capability: '${name}'`,
      `write one of ${[...ENFORCED, ...INERT].join(', ')}, mcp_tool:NAME, model:NAME`,
    );
  if (kind === 'model' || INERT.has(name))
    reading.warn(
      node,
      `${field} — Capability '${name}' is declared but NOT enforced — no governance action maps to it yet, so this allow/deny is currently inert and provides no protection`,
      'do not rely on it',
    );
}
