import { nameListDialect } from '../../policy-text/name-list/name-list-dialect.ts';
import { awfRules } from './domain-rules.ts';

/** awf's files of domains (`--allow-domains-file`), one a line (README, "Policy"). */
export const awfDialect = nameListDialect(awfRules);
