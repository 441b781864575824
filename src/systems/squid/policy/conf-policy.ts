import type {
  Attempt,
  Entry,
  ListName,
  NearMiss,
  Policy,
  RuleMark,
  Ruling,
} from '../../../core/policy/dialect.ts';
import { normaliseHost } from '../../../core/host.ts';
import { nearestOf, siblings } from '../../../core/policy/nearness.ts';
import { askedOf, BUILT_IN, entryAt, matchAcl, type Asked } from './acl-match.ts';
import { dstdomainCovers } from './dstdomain.ts';
import type { AccessConf, AccessLine, Acl, ConfValue } from './read-conf.ts';

type Rule = AccessLine & { readonly type: 'rule' };

/** The result of one line for a request. */
type Found =
  | { readonly type: 'yes'; readonly value: ConfValue | null }
  | { readonly type: 'no' }
  | { readonly type: 'unknown'; readonly why: string };

/** The acl with that name, from the file or from Squid's own; null for an undefined one. */
export const aclNamed = ({ acls }: AccessConf, name: string): Acl | null =>
  acls.get(name) ?? BUILT_IN.get(name) ?? null;

/**
 * The policy of `http_access`. The first line whose acls all match decides. If none does, the opposite of the last line applies
 * (`cf.data.pre`, http_access). A line that cannot be evaluated may decide too. If it would rule differently, the request is not reported
 * as allowed.
 */
export function confPolicy(conf: AccessConf): Policy {
  const entries = entriesOf(conf);
  return {
    entries,
    judge: attempt => rulingOn(conf, attempt),
    nearest: ({ host }) => nearest(entries, normaliseHost(host ?? '') ?? ''),
  };
}

function rulingOn(conf: AccessConf, attempt: Attempt): Ruling {
  const asked = askedOf(attempt);
  const unsure: { readonly line: AccessLine; readonly why: string }[] = [];
  for (const line of conf.access) {
    const found = line.type === 'rule' ? matchLine(conf, line, asked) : unread(line);
    if (found.type === 'no') continue;
    if (found.type === 'unknown') unsure.push({ line, why: found.why });
    else if (line.type === 'rule') return settled(rulingBy(line, found.value), unsure);
  }
  return settled(byDefault(conf), unsure);
}

const unread = ({ text }: AccessLine): Found => ({
  type: 'unknown',
  why: `${text} may hold http_access lines, and is not read here`,
});

/** Matches a line, whose acls must all match. One that does not match is enough to rule the line out. */
function matchLine(conf: AccessConf, rule: Rule, asked: Asked): Found {
  const matches = rule.acls.map(({ name, isNegated }): Found => {
    const acl = aclNamed(conf, name);
    const match: Found = acl ? matchAcl(acl, asked) : { type: 'unknown', why: `${name} is no acl` };
    if (!isNegated || match.type === 'unknown') return match;
    return match.type === 'no' ? { type: 'yes', value: null } : { type: 'no' };
  });
  if (matches.some(({ type }) => type === 'no')) return { type: 'no' };
  const why = matches.flatMap(match => (match.type === 'unknown' ? [match.why] : []));
  if (rule.isConditional) why.push('it stands between if and endif');
  if (why.length > 0) return { type: 'unknown', why: why.join('; ') };
  const values = matches.flatMap(match => (match.type === 'yes' && match.value?.line ? [match.value] : []));
  return { type: 'yes', value: values[0] ?? null };
}

function rulingBy(rule: Rule, value: ConfValue | null): Ruling {
  return {
    verdict: rule.action,
    interception: null,
    entry: value === null ? null : entryAt(value, rule.action),
    rule: markOf(rule),
    reason: `line ${rule.line}: ${rule.text}`,
  };
}

const markOf = ({ text, line }: AccessLine): RuleMark => ({ name: text, line });

function byDefault({ access }: AccessConf): Ruling {
  const last = access.findLast(line => line.type === 'rule');
  const isAllowed = last?.action === 'deny';
  return {
    verdict: isAllowed ? 'allow' : 'deny',
    interception: null,
    entry: null,
    rule: { name: 'the opposite of the last http_access line', line: last?.line ?? null, isDefault: true },
    reason:
      last === undefined
        ? 'there is no http_access line, and so nothing is allowed'
        : `no http_access line matches, and the last one (line ${last.line}) ${last.action === 'deny' ? 'denies' : 'allows'}: all else is ${isAllowed ? 'allowed' : 'denied'}`,
  };
}

type Unsure = readonly { readonly line: AccessLine; readonly why: string }[];

/** The ruling, or a denial with an explanation if a line that cannot be evaluated might rule differently. */
function settled(ruling: Ruling, unsure: Unsure): Ruling {
  const notes = unsure.map(({ line, why }) => `line ${line.line} cannot be judged: ${why}`);
  const first = unsure.find(({ line }) => line.type !== 'rule' || line.action !== ruling.verdict);
  if (!first) return ruling;
  const { line } = first;
  const would = line.type === 'rule' ? `${line.action === 'allow' ? 'allow' : 'deny'} it` : 'decide';
  return {
    verdict: 'deny',
    interception: null,
    entry: null,
    rule: markOf(line),
    reason: `not certain: line ${line.line} may ${would}; else ${ruling.reason}`,
    notes,
  };
}

/** The names in the file as entries, each in the list of the first line that uses its acl. */
function entriesOf(conf: AccessConf): readonly Entry[] {
  const lists = new Map<string, ListName>();
  for (const line of conf.access) {
    if (line.type !== 'rule') continue;
    for (const { name, isNegated } of line.acls)
      if (!lists.has(name)) lists.set(name, (line.action === 'allow') === isNegated ? 'deny' : 'allow');
  }
  return [...conf.acls.values()]
    .filter(({ type }) => type === 'dstdomain')
    .flatMap(({ name, values }) => {
      const list = lists.get(name);
      return list === undefined ? [] : values.map(value => entryAt(value, list));
    });
}

function nearest(entries: readonly Entry[], host: string): NearMiss | null {
  return nearestOf(
    entries.filter(({ list }) => list === 'allow').map(entry => ({ entry })),
    ({ entry: { text } }) => {
      if (dstdomainCovers(text, host)) return null; // the host is listed already
      const base = text.toLowerCase().replace(/^\./, '');
      if (!text.startsWith('.') && host.endsWith(`.${base}`))
        return { rank: 90, why: `${text} is exact; ${host} is a subdomain` };
      if (base.endsWith(`.${host}`))
        return { rank: 70, why: `${text} is below ${host}, and does not cover it` };
      return siblings(text, base, host);
    },
  );
}
