import { misuse } from '../../core/failure.ts';
import type { Dialect, ListName } from '../../core/policy/dialect.ts';
import { neverMatches } from '../../core/policy/never-matches.ts';
import { isWithoutFlags, type FlagLists } from '../../core/policy/flag-entries.ts';

/** The flags `--allow` and `--passthrough`. */
export interface EntryFlags {
  readonly allow?: readonly string[];
  readonly passthrough?: readonly string[];
}

/** The entries of the command line. An entry that the dialect refuses, or that can never match, is wrong usage. */
export function flagLists({ allow = [], passthrough = [] }: EntryFlags, dialect: Dialect): FlagLists {
  const flags: FlagLists = { allow, passthrough };
  if (isWithoutFlags(flags)) return flags;
  if (!dialect.unite)
    throw misuse(`--allow and --passthrough mean nothing to ${dialect.name} policies: leave them out`);
  for (const list of ['allow', 'passthrough'] as const)
    for (const entry of flags[list]) check(entry, list, dialect);
  return flags;
}

function check(entry: string, list: ListName, dialect: Dialect): void {
  const plan = dialect.plan('allow: []\n', 'flags.yaml', [{ type: 'add', list, entry }]);
  const never = neverMatches(entry);
  const instead = never === null || never.instead === null ? '' : ` (write ${never.instead})`;
  const why = never ? `${never.why}${instead}` : plan.type === 'refused' ? plan.why : null;
  if (why !== null) throw misuse(`--${list} ${JSON.stringify(entry)}: ${why}`);
}
