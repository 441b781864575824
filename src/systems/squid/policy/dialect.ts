import { nameListDialect } from '../../policy-text/name-list/name-list-dialect.ts';
import { dstdomainRules } from './dstdomain.ts';

/** A file of an acl of type `dstdomain`, one name a line (README, "Policy"). */
export const squidDialect = nameListDialect(dstdomainRules);
