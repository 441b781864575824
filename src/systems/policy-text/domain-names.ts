import { domainToUnicode } from 'node:url';
import type { DomainNames } from '../../core/suggest/domain-names.ts';
import { breadthRisk, insideRisk } from './entry-risk.ts';
import { suffixList } from './suffix-list.ts';

/** Facts about domain names from the Public Suffix List (`tldts`) and from the linters' lists of shared and private names. */
export const domainNames: DomainNames = {
  registered: host => suffixList().getDomain(host, { allowPrivateDomains: true }),
  isShared: base => breadthRisk(base) !== null,
  insideRisk: name => insideRisk(name)?.why ?? null,
  toUnicode: host => domainToUnicode(host) || host, // empty for an invalid name
};
