import { newFirewall } from './new-firewall.ts';
import { parseAddress } from '../../../core/policy/address.ts';
import { rangeHolds } from '../../../core/policy/address-range.ts';
import type {
  Dialect,
  ParsedPolicy,
  PolicyFormat,
  EntryChange,
  Policy,
  EntryEdit,
  Warning,
} from '../../../core/policy/dialect.ts';
import { splitDestination } from '../../../core/host.ts';
import { choosePolicy } from './choose-policy.ts';
import { comparedName, entryKind, sameEntry } from './entry-kind.ts';
import { firewall } from './firewall.ts';
import { membersOf, parseJsonText } from '../../policy-text/json-text.ts';
import { lintDocument } from './lint-policy.ts';
import { STAGES } from './policy-model.ts';
import { planEdit, planShadow } from './plan.ts';
import { readDocument } from './read-document.ts';
import { findNodeAtLocation, getNodeValue } from 'jsonc-parser';
import { beforeWriting } from '../../policy-text/entry-risk.ts';
import { matchRemark, openingRemark } from './entry-remarks.ts';

/** The warnings before the edit is written: the risks that it opens, and the entries that never match. */
const warnOf = (policy: Policy, edit: EntryEdit): readonly Warning[] =>
  edit.flatMap(wish => (wish.type === 'add' ? warnOfAddition(wish) : warnOfRemoval(policy, wish)));

function warnOfAddition({ entry, list }: EntryChange): readonly Warning[] {
  const text = entry.trim();
  const remark = matchRemark(text) ?? (list === 'allow' ? openingRemark(text) : null);
  return remark ? [beforeWriting(entry, remark)] : [];
}

/** A warning if a host is no longer denied after the removal, unless another rule or the default denies it. */
function warnOfRemoval({ entries }: Policy, { entry, list }: EntryChange): readonly Warning[] {
  const isListed =
    list === 'deny' && entries.some(found => found.list === 'deny' && sameEntry(found.text, entry));
  if (!isListed || entryKind(entry.trim()).type === 'never') return [];
  const opened = openingRemark(entry.trim());
  return opened
    ? [{ severity: opened.severity, entry, why: `is no longer denied by its rule, which ${opened.why}` }]
    : [{ severity: 'warning', entry, why: 'is no longer denied by its rule: what comes after decides' }];
}

/** The policy as strict JSON without comments, for OrcaRouter's console or API. Null if the file does not determine the policy. */
function policyBody(text: string, path: string, name: string | null): string | null {
  const { subject } = choosePolicy(readDocument(text, path).policies, name);
  const parsed = parseJsonText(text.replace(/^\uFEFF/, ' '), 'jsonc');
  if (!subject || parsed.type === 'broken') return null;
  const node = findNodeAtLocation(parsed.root, [...subject.path]);
  return node ? `${JSON.stringify(getNodeValue(node), null, 2)}\n` : null;
}

const formatOf = (path: string): PolicyFormat | null => (/\.jsonc?$/i.test(path) ? 'jsonc' : null);

/** Matches the reasons of denials on egress that no list causes. */
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

/** Keys of a firewall policy, and keys of microagent's policies. */
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

/** Whether the entry equals the host or, as a range, contains the address. Names are not resolved. */
function covers(entry: string, host: string): boolean {
  const kind = entryKind(entry.trim());
  if (kind.type === 'name') return kind.name === comparedName(splitDestination(host).host ?? '');
  const address = parseAddress(host) ?? parseAddress(splitDestination(host).host ?? '');
  return kind.type === 'range' && address !== null && rangeHolds(kind.range, address);
}

/** The dialect for one policy of a file: the one with that name, else the default. */
const dialectOf = (name: string | null): Dialect => ({
  name: 'orcarouter',
  lists: ['allow', 'deny'],
  format: formatOf,
  claims,
  showsEnds: () => false,
  modes: [],
  matchers: [],
  stages: STAGES.filter(stage => stage !== ''),
  part: dialectOf,
  parse: (text, path) => parse(text, path, name),
  expand: (_, edit) => edit,
  plan: (text, path, edit) => planEdit({ text, path, name }, edit),
  shadow: (text, path, isOn) => planShadow({ text, path, name }, isOn),
  sameEntry,
  covers,
  isOwnDenial: (system, reason) => system === 'orcarouter' && !NOT_BY_LIST.test(reason ?? ''),
  template: (name, path) => (path.endsWith('.json') ? newFirewall(name) : null),
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

/**
 * OrcaRouter's firewall policies: rules in order. The rule's verdict determines the meaning of its list (README, "Policy" and "Matching").
 */
export const orcarouterDialect: Dialect = dialectOf(null);
