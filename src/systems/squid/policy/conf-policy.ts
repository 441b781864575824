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

/** A line as far as it can be told for one request. */
type Found =
  | { readonly type: 'yes'; readonly value: ConfValue | null }
  | { readonly type: 'no' }
  | { readonly type: 'unknown'; readonly why: string };

/** The acl of that name; null where neither the file nor Squid itself defines it. */
export const aclNamed = ({ acls }: AccessConf, name: string): Acl | null =>
  acls.get(name) ?? BUILT_IN.get(name) ?? null;

/**
 * The policy of `http_access`. The first line whose acls all match decides, and where none does, the opposite of the last line holds
 * (`cf.data.pre`, http_access). A line that cannot be judged may decide. Where it would rule otherwise than the rest, the request is not
 * called allowed.
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

/** All acls of a line must match: one that does not settles it, whatever the others are. */
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

/** The ruling as it stands, unless a line that cannot be judged might rule otherwise: then it is a denial that says so. */
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

/** The names that stand in the file itself, in the list of the first line that uses their acl. */
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
      if (dstdomainCovers(text, host)) return null; // no entry is missing
      const base = text.toLowerCase().replace(/^\./, '');
      if (!text.startsWith('.') && host.endsWith(`.${base}`))
        return { rank: 90, why: `${text} is exact; ${host} is a subdomain` };
      if (base.endsWith(`.${host}`))
        return { rank: 70, why: `${text} is below ${host}, and does not cover it` };
      return siblings(text, base, host);
    },
  );
}
