import { parseAddress } from '../../../core/policy/address.ts';
import { rangeHolds } from '../../../core/policy/address-range.ts';
import type { Dialect, ParsedPolicy, PolicyFormat } from '../../../core/policy/dialect.ts';
import { splitDestination } from '../../../core/host.ts';
import { choosePolicy } from './choose-policy.ts';
import { comparedName, entryKind, sameEntry } from './entry-kind.ts';
import { firewall } from './firewall.ts';
import { membersOf, parseJsonText } from '../../policy-text/json-text.ts';
import { lintDocument } from './lint-policy.ts';
import { planEdit } from './plan.ts';
import { policyBody } from './policy-body.ts';
import { readDocument } from './read-document.ts';
import { warnOf } from './warn.ts';

const formatOf = (path: string): PolicyFormat | null => (/\.jsonc?$/i.test(path) ? 'jsonc' : null);

/** Denials on egress that no list makes. */
const NOT_BY_LIST = /destination missing|quarantine|\bskill\b|approval|cap_cost|cost cap/i;

function parse(text: string, path: string, name: string | null): ParsedPolicy {
  if (formatOf(path) === null)
    return {
      type: 'invalid',
      problems: [problemOf(path, 'OrcaRouter policies are .json or .jsonc files', 'rename the file')],
    };
  const document = readDocument(text, path);
  const names = document.policies.map(policy => policy.name);
  if (document.isBroken) return { type: 'invalid', problems: document.problems };
  if (name !== null && !names.includes(name))
    return {
      type: 'invalid',
      problems: [
        problemOf(
          path,
          `no policy named "${name}" stands in this file`,
          `name one of: ${names.map(known => known ?? '-').join(', ')}`,
        ),
      ],
    };
  return {
    type: 'valid',
    policy: firewall(choosePolicy(document.policies, name)),
    problems: [...document.problems, ...lintDocument(document, path)],
  };
}

const problemOf = (source: string, why: string, remedy: string) =>
  ({ source, line: null, column: null, severity: 'error', why, remedy }) as const;

/** Keys that only a firewall policy has, and those that make it microagent's. */
const OWN_KEYS = new Set(['policies', 'rules', 'default_verdict', 'shadow_mode', 'is_default']);
const FOREIGN_KEYS = new Set(['passthrough']);

function claims(text: string, path: string): boolean {
  if (formatOf(path) === null) return false;
  const parsed = parseJsonText(text.replace(/^\uFEFF/, ' '), 'jsonc');
  if (parsed.type === 'broken')
    return /"(?:default_verdict|shadow_mode|egress_json|policies)"\s*:/.test(text);
  const { root } = parsed;
  const item = root.type === 'array' ? root.children?.[0] : root;
  const keys = item?.type === 'object' ? membersOf(item).map(({ key }) => key) : [];
  if (keys.some(key => FOREIGN_KEYS.has(key))) return false;
  return (
    keys.some(key => OWN_KEYS.has(key)) ||
    (keys.includes('deny') && keys.every(key => key === 'deny' || key === 'allow'))
  );
}

/** By equality, or by the range that an address lies in; a name is never looked up. */
function covers(entry: string, host: string): boolean {
  const kind = entryKind(entry.trim());
  if (kind.type === 'name') return kind.name === comparedName(splitDestination(host).host ?? '');
  const address = parseAddress(host) ?? parseAddress(splitDestination(host).host ?? '');
  return kind.type === 'range' && address !== null && rangeHolds(kind.range, address);
}

/** The dialect for one policy of a file that may hold several: the one of that name, else the default. */
const dialectOf = (name: string | null): Dialect => ({
  name: 'orcarouter',
  lists: ['allow', 'deny'],
  format: formatOf,
  claims,
  showsEnds: () => false,
  modes: [],
  matchers: [],
  part: dialectOf,
  parse: (text, path) => parse(text, path, name),
  expand: (_, edit) => edit,
  plan: (text, path, edit) => planEdit(text, path, name, edit),
  sameEntry,
  covers,
  isOwnDenial: (system, reason) => system === 'orcarouter' && !NOT_BY_LIST.test(reason ?? ''),
  forms: host => [
    {
      entry: formOf(host),
      label: parseAddress(formOf(host)) === null ? 'this host alone' : 'this address alone',
    },
  ],
  body: (text, path) => policyBody(text, path, name),
  warn: warnOf,
});

/** Hostnames are exact and there are no wildcards: there is one form only. */
const formOf = (host: string): string =>
  parseAddress(host) === null ? (splitDestination(host).host ?? host) : host.toLowerCase();

/** OrcaRouter's firewall policies: rules in order, each with a list whose meaning its verdict decides (FORMATS §4.5, §4.6). */
export const orcarouterDialect: Dialect = dialectOf(null);
