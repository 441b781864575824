import type { Entry, NearMiss } from '../../../core/policy/dialect.ts';
import { nearestOf, siblings, type Nearness } from '../../../core/policy/nearness.ts';
import type { Attempted } from './attempted.ts';
import { comparedName, entryKind } from './entry-kind.ts';
import type { FirewallPolicy, Rule } from './policy-model.ts';
import { inOrder, isOnEgress } from './rule-order.ts';

/** The entry that came closest to allowing a denied destination, and why it does not; null where none is near. */
export function nearestMiss(policy: FirewallPolicy, to: Attempted): NearMiss | null {
  const rules = inOrder(policy).filter(rule => rule.verdict === 'allow' && isOnEgress(rule));
  const listed = rules.flatMap(rule => (rule.egress?.allow.entries ?? []).map(entry => ({ rule, entry })));
  return nearestOf(listed, found => compare(found, to));
}

/** An entry, and the rule with its list. */
interface Listed {
  readonly rule: Rule;
  readonly entry: Entry;
}

function compare({ rule, entry }: Listed, to: Attempted): Nearness | null {
  const kind = entryKind(entry.text);
  const [text, host] = [comparedName(entry.text), comparedName(to.text)];
  if (kind.type === 'range')
    return rule.egress?.allow.anyOf(to.addresses) === entry
      ? { rank: 100, why: `"${rule.name}" lists ${entry.text}, but ${whyNot(rule, to)}` }
      : null;
  if (kind.type === 'name' && text === host)
    return { rank: 100, why: `"${rule.name}" names it, but ${whyNot(rule, to)}` };
  if (kind.type === 'never') return meantBy({ entry, text }, host, kind.why);
  if (host.endsWith(`.${text}`)) return { rank: 80, why: `${text} is exact; ${host} is a subdomain` };
  if (text.endsWith(`.${host}`))
    return { rank: 70, why: `${text} is below ${host}; an entry does not cover the name above it` };
  return siblings(text, text, host);
}

/** Why a rule that lists the destination did not allow it: it has other conditions or exceptions, or an earlier rule denied. */
function whyNot(rule: Rule, to: Attempted): string {
  const { egress, unseen, toolGlob } = rule;
  if (egress?.malformed) return 'its list is malformed, so it does not fire';
  if (egress?.deny.named(to.name) ?? egress?.deny.anyOf(to.addresses))
    return 'excepts it again in its deny list';
  if (to.name !== null && !egress?.allow.named(to.name) && !egress?.allow.allOf(to.addresses))
    return 'not every address that it resolves to';
  if (unseen.length > 0) return `its ${unseen.join(' and ')} cannot be looked at here`;
  return toolGlob === '' || toolGlob === '*'
    ? 'a rule before it denies'
    : `a rule before it denies, or the tool is none of ${toolGlob}`;
}

/** A wildcard entry, which has no effect in this system, that would cover the host elsewhere. */
function meantBy(
  { entry, text }: { readonly entry: Entry; readonly text: string },
  host: string,
  why: string,
): Nearness | null {
  const base = text
    .replace(/^[a-z][a-z0-9+.-]*:\/\//, '')
    .replace(/[/?#].*$/s, '')
    .replace(/:\d*$/, '')
    .replace(/^\*?\.+/, '');
  const isMeant = base !== '' && !base.includes('*') && (host === base || host.endsWith(`.${base}`));
  return isMeant ? { rank: 90, why: `${entry.text} never matches: ${why}` } : null;
}
