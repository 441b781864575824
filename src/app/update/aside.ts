import type { State } from '../state/state.ts';
import type { Context, Step } from './step.ts';
import { named, noticed, targets } from './edit.ts';

/** `M`: the hosts that a key press means are muted, or (where all of them are) heard of again. The policy is not touched. */
export function mutePressed(state: State, context: Context): Step {
  const hosts = targets(state, context);
  if (hosts.length === 0) return noticed(state, 'choose a host first (Hosts, Denied, or a host’s page)');
  const isMuted = hosts.every(host => state.dismissed.get(host) === 'muted');
  const dismissed = new Map(state.dismissed);
  for (const host of hosts) {
    if (isMuted) dismissed.delete(host);
    else dismissed.set(host, 'muted');
  }
  const text = isMuted
    ? `${named(hosts)} heard of again`
    : `${named(hosts)} muted until egresstop ends: not on Denied (v shows it), no bell; the policy is unchanged`;
  return [{ ...state, dismissed, marked: new Set(), notice: { text, tone: 'plain' } }, []];
}
