import { parseAddress } from '../../core/policy/address.ts';
import type { Attempt, Entry, NearMiss, Policy, RuleMark, Ruling } from '../../core/policy/dialect.ts';
import { type Nearness, nearestOf, siblings } from '../../core/policy/nearness.ts';
import { type AskedHost, type HostPattern, type PatternEntry, PatternIndex } from './host-pattern.ts';

/** How a system compares entries with hosts. */
export interface PatternGrammar {
  /** The pattern of an entry. Every text has one, even if no host can match it. */
  readonly pattern: (entry: string) => HostPattern;
  /** The host in the form for comparisons. Null for a host that the system denies regardless of its lists. */
  readonly host: (host: string) => string | null;
  /** Whether a wildcard also covers addresses with the same ending; absent: it does not. */
  readonly takesAddressesForNames?: true;
}

/** A list in a file. */
export interface PatternList {
  readonly name: 'allow' | 'deny';
  /** The list's key and line. The line is null if the file does not hold it. */
  readonly mark: RuleMark;
  readonly entries: readonly Entry[];
}

/** The ruling on a host that no list covers. */
export interface Unlisted {
  readonly verdict: 'allow' | 'deny';
  readonly reason: string;
  readonly notes: readonly string[];
}

/** The lists of a policy, and how they are read. */
export interface PatternLists {
  readonly grammar: PatternGrammar;
  readonly allow: PatternList;
  readonly deny: PatternList;
  readonly unlisted: Unlisted;
  /** Notes on every ruling. */
  readonly notes: readonly string[];
}

/** The port of an attempt without one: that of https. */
const USUAL_PORT = 443;

/** A policy of two lists in which a denial wins. A host that neither covers gets `unlisted`. */
export function patternPolicy(lists: PatternLists): Policy {
  const { grammar, allow, deny, unlisted, notes } = lists;
  const [allowed, denied] = [allow, deny].map(list => new PatternIndex(patternsIn(list, grammar)));
  const near = patternsIn(allow, grammar);

  const judge = (attempt: Attempt): Ruling => {
    const asked = askedHost(attempt, grammar);
    if (asked === null) return { ...NOTHING, verdict: 'deny', reason: 'no host that can be asked for' };
    const said = [...notes, ...portNote(attempt, asked, [allowed, denied])];
    const told = said.length === 0 ? {} : { notes: said };
    const denial = denied?.find(asked) ?? null;
    if (denial)
      return {
        ...NOTHING,
        verdict: 'deny',
        entry: denial,
        rule: deny.mark,
        reason: reasonBy(denial, deny),
        ...told,
      };
    const entry = allowed?.find(asked) ?? null;
    if (entry)
      return {
        ...NOTHING,
        verdict: 'allow',
        entry,
        rule: allow.mark,
        reason: reasonBy(entry, allow),
        ...told,
      };
    const all = [...said, ...unlisted.notes];
    return {
      ...NOTHING,
      verdict: unlisted.verdict,
      rule: { ...allow.mark, isDefault: true },
      reason: unlisted.reason,
      ...(all.length === 0 ? {} : { notes: all }),
    };
  };

  return {
    entries: [...allow.entries, ...deny.entries],
    judge,
    nearest: (attempt): NearMiss | null => {
      const asked = askedHost(attempt, grammar);
      if (asked === null || judge(attempt).entry !== null) return null;
      return nearestOf(near, ({ entry, pattern }) => nearness(entry.text, pattern, asked));
    },
  };
}

const NOTHING = { interception: null, entry: null } as const;

/** The entries of a list with their patterns. */
export const patternsIn = (
  { entries }: Pick<PatternList, 'entries'>,
  { pattern }: PatternGrammar,
): readonly PatternEntry[] => entries.map(entry => ({ entry, pattern: pattern(entry.text) }));

/**
 * The attempt's host in the form for comparisons. Null for an attempt without a host, and for one that is denied regardless of the lists.
 */
export function askedHost({ host, port }: Attempt, grammar: PatternGrammar): AskedHost | null {
  const name = host === null ? null : grammar.host(host);
  if (name === null || name === '') return null;
  return {
    name,
    isAddress: grammar.takesAddressesForNames !== true && parseAddress(name) !== null,
    port: port ?? USUAL_PORT,
  };
}

const reasonBy = ({ text }: Entry, { mark }: PatternList): string => `in ${mark.name}: ${text}`;

/** A note where the attempt has no port and a port decides. */
function portNote(
  { port }: Attempt,
  asked: AskedHost,
  indexes: readonly (PatternIndex | undefined)[],
): readonly string[] {
  if (typeof port === 'number') return [];
  const isDecisive = indexes.some(index => index?.find(asked) !== index?.findAtAnyPort(asked));
  return isDecisive ? [`no port was named: judged at ${USUAL_PORT}`] : [];
}

/** How near a pattern came to covering the host. */
function nearness(text: string, { reach, name, port }: HostPattern, asked: AskedHost): Nearness | null {
  if (reach === 'glob') return null;
  const host = asked.name;
  const isBelow = host.endsWith(`.${name}`);
  if (port !== null && (host === name || isBelow) && port !== asked.port)
    return { rank: 100, why: `${text} names port ${port} only; ${asked.port} was asked for` };
  if (reach === 'host' && isBelow) return { rank: 90, why: `${text} is exact; ${host} is below it` };
  if (host === name) return { rank: 85, why: `${text} names what is below ${name}, not ${name} itself` };
  if (reach === 'label' && isBelow)
    return { rank: 80, why: `${text} names one label before ${name}; ${host} has more` };
  if (name.endsWith(`.${host}`))
    return { rank: 70, why: `${text} is below ${host}; an entry does not cover the name above it` };
  if (name !== '' && host.endsWith(name))
    return { rank: 60, why: `${host} ends like ${name}, but not at a dot` };
  return siblings(text, name, host);
}
