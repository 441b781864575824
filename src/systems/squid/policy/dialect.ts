import type { Dialect, ParsedPolicy } from '../../../core/policy/dialect.ts';
import { nameListDialect } from '../../policy-text/name-list/name-list-dialect.ts';
import { confPolicy } from './conf-policy.ts';
import { dstdomainRules } from './dstdomain.ts';
import { isBungled, lintConf } from './lint-conf.ts';
import { readConf, type AccessConf } from './read-conf.ts';

const lists = nameListDialect(dstdomainRules);

const isConf = (path: string): boolean => /[^/]\.conf$/i.test(path);

/** A function that adds the content of referenced files to a configuration. */
export type Completed = (conf: AccessConf) => AccessConf;

function parseConf(text: string, path: string, completed: Completed): ParsedPolicy {
  const conf = completed(readConf(text, path));
  const problems = lintConf(conf, path);
  return isBungled(problems)
    ? { type: 'invalid', problems }
    : { type: 'valid', policy: confPolicy(conf), problems };
}

/** The dialect of a file for an acl of type `dstdomain` (one name a line), and of squid.conf, which is never edited (README, "Policy"). */
const dialectOf = (completed: Completed): Dialect => ({
  ...lists,
  format: path => (isConf(path) ? 'lines' : lists.format(path)),
  claims: (text, path) => (isConf(path) ? /^[ \t]*http_access[ \t]/m.test(text) : lists.claims(text, path)),
  parse: (text, path) => (isConf(path) ? parseConf(text, path, completed) : lists.parse(text, path)),
  expand: (policy, edit) => lists.expand(policy, edit),
  plan: (text, path, edit) =>
    isConf(path) ? { type: 'refused', why: NOT_EDITED } : lists.plan(text, path, edit),
  template: (name, path) => (isConf(path) ? null : (lists.template?.(name, path) ?? null)),
});

const NOT_EDITED =
  'squid.conf is read and never edited: let an acl name a file, as in acl allowed dstdomain "/etc/squid/allowed.txt", and edit that';

export const squidDialect = dialectOf(conf => conf);

/** The dialect that also uses the files that a squid.conf refers to. */
export const squidDialectWith = dialectOf;
