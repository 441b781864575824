import type { KnownHosts } from '../../core/known/known-hosts.ts';
import { HostRow } from '../../core/traffic/host-row.ts';
import type { ScreenName } from '../state/screen.ts';
import type { TrafficRow } from '../../core/traffic/traffic-row.ts';

/** Whether an agent asks for the host that never did before; of an agent, whether it asks for such a host. A tool is never new. */
export function isNewToAgent(row: TrafficRow, known: KnownHosts | undefined, screen: ScreenName): boolean {
  if (!known) return false;
  if (!(row instanceof HostRow)) return screen === 'agents' && known.hasNews(row.name);
  for (const [agent] of row.agents.entries()) if (known.isNew(agent, row.name)) return true;
  return false;
}
