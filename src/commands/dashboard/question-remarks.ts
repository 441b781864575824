import type { Store } from '../../app/store.ts';
import { LookAlikes } from '../../core/suggest/look-alike.ts';
import { domainNames } from '../../systems/policy-text/domain-names.ts';
import { breadthRisk, insideRisk } from '../../systems/policy-text/entry-risk.ts';

/** Hosts that were seen and are taken as known, at most: a question is not worth a look at all of 200,000. */
const MOST_KNOWN = 2_000;

/** The doubts about a name that is asked for: it looks like a known one, or anybody can have a name beside it. */
export function questionRemarks(host: string, store: Pick<Store, 'state' | 'traffic'>): readonly string[] {
  const lookAlike = new LookAlikes(knownDomains(store), domainNames).remark(host);
  const inside = insideRisk(host);
  const shared = sharedParent(host);
  return [
    ...(lookAlike === null ? [] : [lookAlike]),
    ...(shared === null ? [] : [`anybody can get a name under ${shared}`]),
    ...(inside === null ? [] : [inside.why]),
  ];
}

/** The registered domains of the policy's entries and of the hosts that were let through. */
function knownDomains({ state, traffic }: Pick<Store, 'state' | 'traffic'>): ReadonlySet<string> {
  const names = (state.policy?.policy?.entries ?? []).map(({ text }) => text.replace(/^\*?\.+/, ''));
  for (const row of traffic.hosts.values()) {
    if (names.length >= MOST_KNOWN) break;
    if (row.counts.allow > 0) names.push(row.name);
  }
  return new Set(names.flatMap(name => domainNames.registered(name) ?? []));
}

/** The multi-tenant domain that the host lies under; null where there is none. Public suffixes such as `co.uk` are not meant. */
function sharedParent(host: string): string | null {
  const labels = host.split('.');
  const parents = labels.slice(1, -1).map((_, index) => labels.slice(index + 1).join('.'));
  return parents.find(parent => breadthRisk(parent)?.why.includes('multi-tenant')) ?? null;
}
