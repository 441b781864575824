import type {
  Attempt,
  Entry,
  JudgeOptions,
  NearMiss,
  Policy,
  RuleMark,
  Ruling,
} from '../../../core/policy/dialect.ts';
import { isBlockedAddress } from './blocked-address.ts';
import { NETWORK_OUTBOUND } from './capability.ts';
import { matcherOf, readersOf, type Matcher, type Reader } from './matchers.ts';
import { nearestPattern } from './near-miss.ts';
import type { FoundPolicy } from './read-policy.ts';

/** The policy under each of aasm's three matchers. aasm has no modes, so `mode` has no effect. */
export function policyOf(found: FoundPolicy): Policy {
  const entries = found.network?.entries ?? [];
  const readers = readersOf(entries);
  const judge = (attempt: Attempt, { matcher }: JudgeOptions = {}): Ruling => {
    const named = matcherOf(matcher);
    const ruling = RULINGS[named](found, readers[named], attempt);
    const isCaveat =
      named === 'gateway' &&
      ruling.entry !== null &&
      readers.exact.find(readers.exact.hostOf(attempt)) === null;
    return { ...ruling, notes: [...(isCaveat ? [EXACT_CAVEAT] : []), ...notesOn(found, named)] };
  };
  const nearest = (attempt: Attempt, { matcher }: JudgeOptions = {}): NearMiss | null => {
    const named = matcherOf(matcher);
    const { verdict, rule, entry } = RULINGS[named](found, readers[named], attempt);
    // the denial has another cause than a missing entry
    if (verdict !== 'deny' || entry !== null || rule !== found.network?.mark) return null;
    return nearestPattern(entries, readers[named].hostOf(attempt), named);
  };
  return {
    entries,
    judge,
    nearest,
    judgeTool: tool => judgeTool(found, tool),
  };
}

const RULINGS: Readonly<Record<Matcher, (found: FoundPolicy, reader: Reader, attempt: Attempt) => Ruling>> = {
  gateway: byGateway,
  proxy: byProxy,
  exact: byExact,
};

const allowed = (reason: string, rule: RuleMark | null, entry: Entry | null = null): Ruling => ({
  verdict: 'allow',
  interception: null, // the proxy's environment decides that
  entry,
  rule,
  reason,
});

const denied = (reason: string, rule: RuleMark | null): Ruling => ({
  verdict: 'deny',
  interception: null,
  entry: null,
  rule,
  reason,
});

const UNGOVERNED = 'no network policy configured';
const NOT_LISTED = 'host not in network allowlist';
const LISTED = 'host matches network allowlist';

/** The checks of `aa-gateway/src/engine/decision.rs` that depend only on the document: the list, then the capabilities. */
function byGateway(found: FoundPolicy, reader: Reader, attempt: Attempt): Ruling {
  const { network } = found;
  if (!network) return byCapability(found) ?? allowed(UNGOVERNED, null);
  if (network.entries.length === 0) return denied('network allowlist empty (deny all egress)', network.mark);
  const entry = reader.find(reader.hostOf(attempt));
  if (!entry) return denied(NOT_LISTED, network.mark);
  return byCapability(found) ?? allowed(LISTED, network.mark, entry);
}

/** Null if the capabilities do not forbid outbound connections. */
function byCapability({ capabilities: { allow, deny } }: FoundPolicy): Ruling | null {
  const refusal = deny.find(({ name }) => name === NETWORK_OUTBOUND);
  if (refusal) return denied('capability denied by policy', refusal.mark);
  const [first] = allow;
  return first && !allow.some(({ name }) => name === NETWORK_OUTBOUND)
    ? denied('capability not in allow list', first.mark)
    : null;
}

/**
 * The proxy's ruling, with the reasons in its log. The proxy only knows the list, from its environment; an empty list restricts nothing.
 */
function byProxy({ network }: FoundPolicy, reader: Reader, attempt: Attempt): Ruling {
  const host = reader.hostOf(attempt);
  const dialled = [host, attempt.address ?? '', ...(attempt.addresses ?? [])];
  if (dialled.some(isBlockedAddress)) return denied('ssrf_blocked_address', null);
  if (!network || network.entries.length === 0) return allowed('no allowlist in its environment', null);
  const entry = reader.find(host);
  return entry ? allowed(LISTED, network.mark, entry) : denied('egress_allowlist', network.mark);
}

/** The anomaly detector's ruling. Without a list, or with an empty one, it checks nothing. */
function byExact(found: FoundPolicy, reader: Reader, attempt: Attempt): Ruling {
  const { network } = found;
  if (!network) return byCapability(found) ?? allowed(UNGOVERNED, null);
  const entry = reader.find(reader.hostOf(attempt));
  if (entry) return byCapability(found) ?? allowed(LISTED, network.mark, entry);
  if (network.entries.length > 0) return denied(NOT_LISTED, network.mark);
  return byCapability(found) ?? allowed('network allowlist empty (not checked)', network.mark);
}

/**
 * The note on a host that the policy check permits by a wildcard or in another letter case (README, "Where the three matchers disagree").
 */
const EXACT_CAVEAT =
  "the live gateway's anomaly detector compares byte by byte: it may deny this host all the same";

/** Notes on conditions that may change the ruling and that the document does not decide. */
function notesOn({ unevaluated }: FoundPolicy, matcher: Matcher): readonly string[] {
  if (matcher === 'proxy') return [PROXY_CAVEAT];
  return unevaluated.length === 0 ? [] : [`not evaluated: ${unevaluated.join(', ')}`];
}

const PROXY_CAVEAT =
  'the proxy rules by its environment at its start, not by this file; AA_PROXY_DENIED_HOSTS is not known';

/** The ruling by the tool's own entry, else by `"*"`. Null without either: the policy then permits the tool. */
function judgeTool({ tools }: FoundPolicy, tool: string): Ruling | null {
  const rule = tools.get(tool) ?? tools.get('*');
  if (!rule) return null;
  return rule.isAllowed
    ? allowed('tool allowed by policy', rule.mark)
    : denied('tool denied by policy', rule.mark);
}
