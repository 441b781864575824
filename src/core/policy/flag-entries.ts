import type { Dialect, Entry, ListName } from './dialect.ts';

/** Entries that stand on a mediator's command line, as `--allow` and `--passthrough` gave them. They end with the mediator. */
export interface FlagLists {
  readonly allow: readonly string[];
  readonly passthrough: readonly string[];
}

/** A command line without entries. */
export const NO_FLAGS: FlagLists = { allow: [], passthrough: [] };

/** Whether the command line names no entry. */
export const isWithoutFlags = ({ allow, passthrough }: FlagLists): boolean =>
  allow.length === 0 && passthrough.length === 0;

/**
 * The dialect whose policies hold the entries of the command line beside those of the file. An entry that the file lists itself stays the
 * file's.
 */
export function withFlags(dialect: Dialect, flags: FlagLists): Dialect {
  const { unite } = dialect;
  if (!unite || isWithoutFlags(flags)) return dialect;
  const named = [...entriesOf('allow', flags.allow), ...entriesOf('passthrough', flags.passthrough)];
  const isListed = (entries: readonly Entry[], one: Entry): boolean =>
    entries.some(({ list, text }) => list === one.list && dialect.sameEntry(text, one.text));
  return {
    ...dialect,
    parse: (text, path) => {
      const parsed = dialect.parse(text, path);
      if (parsed.type === 'invalid') return parsed;
      const more = named.filter(entry => !isListed(parsed.policy.entries, entry));
      return { ...parsed, policy: unite(parsed.policy, more) };
    },
  };
}

const entriesOf = (list: ListName, texts: readonly string[]): readonly Entry[] =>
  [...new Set(texts)].map(text => ({ list, text, line: 0, column: 0, until: null, flag: `--${list}` }));

/** Where an entry stands, in words: `line 4`, `line 4 of FILE` for another file, or the flag that names it. */
export const entryPlace = ({ line, flag, file }: Pick<Entry, 'line' | 'flag' | 'file'>): string =>
  flag ?? (file === undefined ? `line ${line}` : `line ${line} of ${file}`);
