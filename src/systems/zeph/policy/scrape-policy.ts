import type { Attempt, Entry, Policy, RuleMark, Ruling } from '../../../core/policy/dialect.ts';
import { redactUrl } from '../../../core/url.ts';
import { domainMatches, isIpLiteral, isPrivateAddress, isPrivateHost, parseUrl } from './domain-rules.ts';
import { nearestIn } from './near-miss.ts';
import { type FoundList, LIST_PATHS } from './read-config.ts';

/** A policy of the two lists under zeph's order: URL checks, denied, allowed (an empty list allows), then what DNS says. */
export function scrapePolicy(lists: readonly FoundList[]): Policy {
  const [allow, deny] = [listOf(lists, 'allow'), listOf(lists, 'deny')];
  const nearest = nearestIn(allow.entries);
  return {
    entries: lists.flatMap(({ entries }) => entries),
    judge: attempt => {
      const url = urlOf(attempt);
      return (
        checkUrl(url) ?? checkLists(url.parsed?.hostname ?? '', allow, deny) ?? dnsRuling(attempt, url, allow)
      );
    },
    nearest: attempt => {
      const url = urlOf(attempt);
      const host = url.parsed?.hostname ?? '';
      const ruling = checkUrl(url) ? null : checkLists(host, allow, deny);
      return ruling && !ruling.entry ? nearest(host) : null;
    },
  };
}

function listOf(lists: readonly FoundList[], name: 'allow' | 'deny'): DomainList {
  const found = lists.find(list => list.name === name);
  return new DomainList(found ?? { name, path: LIST_PATHS[name], line: null, entries: [] });
}

/** The URL that zeph is asked for: the recorded one, else the host by https. */
interface Asked {
  readonly written: string;
  readonly parsed: URL | null;
}

function urlOf({ url, host, port }: Attempt): Asked {
  const written = url ?? `https://${bracketed(host ?? '')}${port ? `:${port}` : ''}/`;
  return { written, parsed: parseUrl(written) };
}

const bracketed = (host: string): string =>
  host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;

/** `validate_url`: what zeph logs as `scheme`. */
function checkUrl({ written, parsed }: Asked): Ruling | null {
  if (!parsed) return denied(`invalid URL: ${redactUrl(written)}`, URL_CHECK);
  const scheme = parsed.protocol.slice(0, -1);
  if (scheme !== 'https') return denied(`scheme not allowed: ${scheme}`, URL_CHECK);
  return isPrivateHost(parsed.hostname)
    ? denied(`private/local host blocked: ${parsed.hostname}`, URL_CHECK)
    : null;
}

/** `check_domain_policy`: what zeph logs as `blocklist`, whichever list it was. */
function checkLists(host: string, allow: DomainList, deny: DomainList): Ruling | null {
  const entry = deny.find(host);
  if (entry) return { ...denied(`domain blocked by denylist: ${host}`, deny.mark), entry };
  if (allow.isEmpty) return null;
  if (isIpLiteral(host))
    return denied(`bare IP address not allowed when domain allowlist is active: ${host}`, allow.mark);
  return allow.find(host) ? null : denied(`domain not in allowlist: ${host}`, allow.mark);
}

/** A denial as `ssrf` of a host that the lists permit: its name resolves to a private address, or to none. */
function dnsRuling({ address, addresses }: Attempt, { parsed }: Asked, allow: DomainList): Ruling {
  const host = parsed?.hostname ?? '';
  const known = addresses ?? (address === null ? null : [address]);
  const inside = known?.find(isPrivateAddress);
  if (inside !== undefined) return denied(`${host} resolves to a private address: ${inside}`, SSRF_CHECK);
  if (known?.length === 0) return denied(`${host} has no address`, SSRF_CHECK);
  const entry = allow.isEmpty ? null : allow.find(host);
  return {
    verdict: 'allow',
    interception: null,
    entry,
    rule: allow.mark,
    reason: entry ? `in allowed_domains: ${entry.text}` : 'not denied, and allowed_domains is empty',
    ...(known === null && !isIpLiteral(host) ? { notes: [NOT_RESOLVED] } : {}),
  };
}

const NOT_RESOLVED = 'not resolved: zeph still refuses a name whose address is private (ssrf)';
const URL_CHECK: RuleMark = { name: 'scheme', line: null };
const SSRF_CHECK: RuleMark = { name: 'ssrf', line: null };

const denied = (reason: string, rule: RuleMark): Ruling => ({
  verdict: 'deny',
  interception: null,
  entry: null,
  rule,
  reason,
});

/** One list, indexed: a host equals one name, or is one label before one suffix, so that two look-ups do whatever its length. */
class DomainList {
  readonly entries: readonly Entry[];
  readonly mark: RuleMark;
  readonly #byText = new Map<string, Entry>();

  constructor({ entries, path, line }: FoundList) {
    this.entries = entries;
    this.mark = { name: path.join('.'), line };
    for (const entry of entries) if (!this.#byText.has(entry.text)) this.#byText.set(entry.text, entry);
  }

  get isEmpty(): boolean {
    return this.entries.length === 0;
  }

  /** The first entry that names the host. */
  find(host: string): Entry | null {
    const wildcard = `*${host.slice(Math.max(0, host.indexOf('.')))}`;
    const found = [this.#byText.get(host), this.#byText.get(wildcard)].filter(
      entry => entry !== undefined && domainMatches(entry.text, host),
    );
    return found[0] ?? found[1] ?? null;
  }
}
