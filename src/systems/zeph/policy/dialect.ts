import { getDomain } from 'tldts';
import type {
  Dialect,
  EditPlan,
  EntryChange,
  EntryForm,
  ParsedPolicy,
  Policy,
  EntryEdit,
  PolicyFormat,
} from '../../../core/policy/dialect.ts';
import { isError, type Problem } from '../../../core/problem.ts';
import { listPlan, whyUnchanged } from '../../policy-text/list-plan.ts';
import { domainMatches, isIpLiteral, urlHost } from './domain-rules.ts';
import { lintConfig, warnOf } from './lint.ts';
import { LIST_PATHS, readConfig } from './read-config.ts';
import { scrapePolicy } from './scrape-policy.ts';

const formatOf = (path: string): PolicyFormat | null => (/[^/]\.toml$/i.test(path) ? 'toml' : null);

const OWN_NAME = /zeph[^/]*\.toml$|\/zeph\/[^/]*$/i;
/** Matches zeph's own tables, or a dotted key of its lists. */
const OWN_TABLE = /^[ \t]*(?:\[{1,2}[ \t]*(?:tools|llm)[ \t]*[.\]]|tools\.(?:scrape|egress|audit)\b)/m;
const SAYS_NOTHING = /^\uFEFF?(?:[ \t]*(?:#[^\n]*)?(?:\r?\n|$))*$/;

/** Whether a TOML text may be zeph's. One with only other tables is another program's. A new or empty file may become zeph's. */
const claims = (text: string, path: string): boolean =>
  formatOf(path) !== null && (OWN_NAME.test(path) || OWN_TABLE.test(text) || SAYS_NOTHING.test(text));

function parse(text: string, path: string): ParsedPolicy {
  if (formatOf(path) === null) return { type: 'invalid', problems: [notToml(path)] };
  const found = readConfig(text, path);
  if (found.problems.some(isError)) return { type: 'invalid', problems: found.problems };
  return { type: 'valid', policy: scrapePolicy(found.lists), problems: lintConfig(found, path) };
}

const notToml = (path: string): Problem => ({
  source: path,
  line: null,
  column: null,
  severity: 'error',
  why: `zeph's configuration is a TOML file, and ${path} is not called one`,
  remedy: 'name a file that ends in .toml',
});

/** The edit with the removal of an equal entry from the other list for each allowed host. */
function expand({ entries }: Policy, edit: EntryEdit): EntryEdit {
  const entailed = edit.flatMap(({ type, list, entry }): EntryEdit => {
    const isDenied = entries.some(other => other.list === 'deny' && other.text === entry);
    const isSaid = edit.some(other => other.list === 'deny' && other.entry === entry);
    return type === 'add' && list === 'allow' && isDenied && !isSaid
      ? [{ type: 'remove', list: 'deny', entry }]
      : [];
  });
  return [...edit, ...entailed];
}

function plan(text: string, path: string, edit: EntryEdit): EditPlan {
  const { lists } = readConfig(text, path);
  const refusal = edit.map(refusalOf).find(why => why !== null);
  if (refusal) return { type: 'refused', why: refusal };
  const changes = edit.flatMap(wish => {
    const list = lists.find(({ name }) => name === wish.list);
    return list ? listPlan(list, wish, sameEntry) : [];
  });
  return changes.length > 0
    ? { type: 'planned', changes }
    : { type: 'unchanged', why: whyUnchanged(edit, nameOf) };
}

const nameOf = ({ list }: EntryChange): string =>
  (list === 'passthrough' ? list : LIST_PATHS[list].at(-1)) ?? list;

function refusalOf({ type, list, entry }: EntryChange): string | null {
  if (list === 'passthrough') return type === 'add' ? 'zeph has no passthrough' : null;
  if (type === 'remove') return null;
  if (entry.trim() === '') return 'an entry may not be empty';
  return entry === entry.trim() ? null : 'an entry may not begin or end with a blank';
}

/** The entries to offer: the host, and `*.parent`, if all names below the parent have one owner. */
function formsOf(host: string): readonly EntryForm[] {
  const name = urlHost(host) ?? host;
  const own: EntryForm = { entry: name, label: 'this host alone' };
  const domain = isIpLiteral(name) ? null : getDomain(name, { allowPrivateDomains: true });
  if (domain === null || name === domain) return [own];
  const parent = name.slice(name.indexOf('.') + 1);
  return [own, { entry: `*.${parent}`, label: `any one label before ${parent}, not ${parent} itself` }];
}

/** Whether two spellings of an entry are the same: zeph compares entries unchanged. */
const sameEntry = (one: string, other: string): boolean => one === other;

/** The dialect of zeph's `[tools.scrape]` lists in its TOML configuration (README, "Policy"). */
export const zephDialect: Dialect = {
  name: 'zeph',
  lists: ['allow', 'deny'],
  format: formatOf,
  claims,
  showsEnds: () => true,
  modes: [],
  matchers: [],
  expand,
  parse,
  plan,
  shadow: 'zeph has no shadow mode: its lists refuse what they refuse',
  sameEntry,
  covers: (entry, host) => domainMatches(entry, urlHost(host) ?? host),
  isOwnDenial: (system, reason) => system === 'zeph' && (reason === 'allowlist' || reason === 'blocklist'),
  template: (name, path) =>
    name === 'empty' && path.endsWith('.toml')
      ? '[tools.scrape]\nallowed_domains = []\ndenied_domains = []\n'
      : null,
  forms: formsOf,
  warn: warnOf,
};
