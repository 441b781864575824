import type { Entry, NearMiss } from '../../core/dialect.ts';
import type { Attempted } from './attempted.ts';
import { comparedName, entryKind } from './entry-kind.ts';
import type { FirewallPolicy, Rule } from './policy-model.ts';
import { inOrder, isOnEgress } from './rule-order.ts';

interface Candidate extends NearMiss {
  /** The higher, the nearer. */
  readonly rank: number;
}

/** The entry that came closest to letting a denied destination through, and why it missed; null where none is near. */
export function nearestMiss(policy: FirewallPolicy, to: Attempted): NearMiss | null {
  const rules = inOrder(policy).filter(rule => rule.verdict === 'allow' && isOnEgress(rule));
  const candidates = rules.flatMap(rule =>
    (rule.egress?.allow.entries ?? []).flatMap(entry => compare(rule, entry, to) ?? []),
  );
  const best = candidates.reduce<Candidate | null>(
    (near, next) => (near && near.rank >= next.rank ? near : next),
    null,
  );
  return best && { entry: best.entry, why: best.why };
}

function compare(rule: Rule, entry: Entry, to: Attempted): Candidate | null {
  const kind = entryKind(entry.text);
  const [text, host] = [comparedName(entry.text), comparedName(to.text)];
  if (kind.type === 'range')
    return rule.egress?.allow.anyOf(to.addresses) === entry
      ? { entry, rank: 100, why: `"${rule.name}" lists ${entry.text}, but ${whyNot(rule, to)}` }
      : null;
  if (kind.type === 'name' && text === host)
    return { entry, rank: 100, why: `"${rule.name}" names it, but ${whyNot(rule, to)}` };
  if (kind.type === 'never') return meantBy(entry, text, host, kind.why);
  if (host.endsWith(`.${text}`)) return { entry, rank: 80, why: `${text} is exact; ${host} is a subdomain` };
  if (text.endsWith(`.${host}`))
    return { entry, rank: 70, why: `${text} is below ${host}; an entry does not cover the name above it` };
  return sibling(entry, text, host);
}

/** Why a rule that lists the destination did not let it through: it has other conditions, exceptions, or a rule before it denied. */
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

/** A wildcard that covers nothing here, where elsewhere it would have covered the host. */
function meantBy(entry: Entry, text: string, host: string, why: string): Candidate | null {
  const base = text
    .replace(/^[a-z][a-z0-9+.-]*:\/\//, '')
    .replace(/[/?#].*$/s, '')
    .replace(/:\d*$/, '')
    .replace(/^\*?\.+/, '');
  const isMeant = base !== '' && !base.includes('*') && (host === base || host.endsWith(`.${base}`));
  return isMeant ? { entry, rank: 90, why: `${entry.text} never matches: ${why}` } : null;
}

/** Names that share their last two labels. */
function sibling(entry: Entry, text: string, host: string): Candidate | null {
  const [ours, theirs] = [text.split('.').reverse(), host.split('.').reverse()];
  let shared = 0;
  while (shared < ours.length && ours[shared] === theirs[shared]) shared += 1;
  if (shared < 2) return null;
  const common = theirs.slice(0, shared).reverse().join('.');
  return { entry, rank: 10 + Math.min(shared, 40), why: `${text} names another host under ${common}` };
}
