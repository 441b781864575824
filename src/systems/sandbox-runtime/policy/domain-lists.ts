import type { Dialect, EditPlan, Entry, EntryChange, EntryEdit } from '../../../core/policy/dialect.ts';
import { type EntryGrammar, neverMatches } from '../../../core/policy/never-matches.ts';
import { misfit, type Remark, unmatchable, warning } from '../../policy-text/entry-risk.ts';
import { namesHost } from '../../policy-text/host-pattern.ts';
import { listPlan, whyUnchanged } from '../../policy-text/list-plan.ts';
import { patternForms } from '../../policy-text/pattern-forms.ts';
import { askedHost } from '../../policy-text/pattern-policy.ts';
import type { SettingsList } from '../../policy-text/settings-json.ts';
import { canonicalHost, domainGrammar, partPort } from './domain-pattern.ts';
import { whyRefused } from './refused-entry.ts';

/** The proxy compares hosts in lower case, in ASCII form, without a final dot. */
const GRAMMAR: EntryGrammar = {
  below: '*.',
  hasEverything: true,
  trims: false,
  hasUnicode: false,
  hasBrackets: false,
};

/** A remark on an entry that no host can match, or that the validator refuses; null for a valid one. */
export function misreadDomain(list: 'allow' | 'deny', entry: string): Remark | null {
  const { host, port } = partPort(entry);
  const isBare = !entry.startsWith('[') && entry.split(':').length > 2;
  const never = isBare ? null : neverMatches(host, GRAMMAR);
  if (never) return unmatchable({ ...never, instead: withPort(never.instead, port) });
  const name = host.startsWith('*.') ? null : canonicalHost(host);
  if (host !== '*' && host.endsWith('.'))
    return unmatchable({
      why: 'hosts are compared without the dot at their end',
      instead: withPort(host.replace(/\.+$/, ''), port),
    });
  if (name !== null && host !== '*' && name !== host.toLowerCase())
    return unmatchable({ why: 'it is not how the proxy spells this host', instead: withPort(name, port) });
  const refusal = whyRefused(list, entry);
  if (refusal === null || host === '*') return null;
  return isBare
    ? misfit(refusal, `[${host}]`)
    : warning(`sandbox-runtime refuses such an entry: ${refusal}`, 'mend it');
}

const withPort = (name: string | null, port: number | null): string | null => {
  if (name === null) return null;
  const host = name.includes(':') ? `[${name}]` : name;
  return port === null ? host : `${host}:${port}`;
};

/** Whether the entry, as the only one of its list, matches the host at port 443. */
export function coversDomain(entry: string, host: string): boolean {
  const asked = askedHost({ host, address: null }, domainGrammar);
  return asked !== null && namesHost(domainGrammar.pattern(entry), asked);
}

/** The entries to offer: the host alone, then a wildcard for each name above it. An IPv6 address stands in brackets. */
export function domainForms(host: string): ReturnType<Dialect['forms']> {
  const name = canonicalHost(host) ?? host;
  if (name.includes(':')) return [{ entry: `[${name}]`, label: 'this address alone' }];
  return patternForms(name, [{ sign: '*.', reach: 'below' }]);
}

/** Whether two entries match the same hosts and ports. */
export function isSameDomain(one: string, other: string): boolean {
  const [left, right] = [domainGrammar.pattern(one), domainGrammar.pattern(other)];
  return left.reach === right.reach && left.name === right.name && left.port === right.port;
}

/** The edit with the removal of an equal denial for each allowed host. */
export function withoutDenials(entries: readonly Entry[], edit: EntryEdit): EntryEdit {
  const entailed = edit.flatMap(({ type, list, entry }): EntryEdit => {
    const isSaid = edit.some(other => other.list === 'deny' && isSameDomain(other.entry, entry));
    const isDenied = entries.some(other => other.list === 'deny' && isSameDomain(other.text, entry));
    return type === 'add' && list === 'allow' && isDenied && !isSaid
      ? [{ type: 'remove', list: 'deny', entry }]
      : [];
  });
  return [...edit, ...entailed];
}

/** The changes of the two lists for an edit. `refusal` returns why a wish is impossible, or null. */
export function planDomains(
  lists: readonly SettingsList[],
  edit: EntryEdit,
  refusal: (change: EntryChange) => string | null,
): EditPlan {
  const why = edit.map(refusal).find(found => found !== null);
  if (why) return { type: 'refused', why };
  const changes = edit.flatMap(wish => {
    const list = lists.find(({ name }) => name === wish.list);
    return list ? listPlan(list, wish, isSameDomain) : [];
  });
  const keyOf = ({ list }: EntryChange): string =>
    lists.find(({ name }) => name === list)?.path.join('.') ?? list;
  return changes.length > 0
    ? { type: 'planned', changes }
    : { type: 'unchanged', why: whyUnchanged(edit, keyOf) };
}
