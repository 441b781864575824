import { keyFor } from '../keys/key-bindings.ts';
import { cursorIndex } from '../lists/order.ts';
import type { State } from '../state/state.ts';
import type { Context, Step } from './step.ts';
import { named, noticed, targets } from './edit.ts';

/** `M`: mutes the chosen hosts, or unmutes them if all are muted. The policy does not change. */
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
    ? `${named(hosts)} no longer muted`
    : `${named(hosts)} muted until egresstop ends: not on Denied (${keyFor(state, 'show-dismissed')} shows it), no bell; the policy is unchanged`;
  return [{ ...state, dismissed, marked: new Set(), notice: { text, tone: 'plain' } }, []];
}

/** Dismisses denied hosts until their next denial. */
export function dismissed(state: State, context: Context): Step {
  const hosts =
    state.marked.size > 0
      ? [...state.marked]
      : [context.view.order.at(cursorIndex(state, context.view.order))].filter(host => host !== undefined);
  if (hosts.length === 0) return noticed(state, 'no host to put aside');
  const next = new Map(state.dismissed);
  for (const host of hosts) next.set(host, context.traffic.hosts.get(host)?.counts.deny ?? 0);
  const notice = {
    text: `${named(hosts)} put aside until denied again; the policy is unchanged`,
    tone: 'plain' as const,
  };
  return [{ ...state, dismissed: next, marked: new Set(), notice }, []];
}
