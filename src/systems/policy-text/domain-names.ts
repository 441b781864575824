import { domainToUnicode } from 'node:url';
import type { DomainNames } from '../../core/suggest/domain-names.ts';
import { breadthRisk, insideRisk } from './entry-risk.ts';
import { suffixList } from './suffix-list.ts';

/** By the Public Suffix List (`tldts`), and by what the linters know to be shared or inside. */
export const domainNames: DomainNames = {
  registered: host => suffixList().getDomain(host, { allowPrivateDomains: true }),
  isShared: base => breadthRisk(base) !== null,
  insideRisk: name => insideRisk(name)?.why ?? null,
  toUnicode: host => domainToUnicode(host) || host, // empty: not a name at all
};
