import type { Dialect, Entry, ListName } from './dialect.ts';

/** Entries from a mediator's command line (`--allow`, `--passthrough`). They hold until the mediator ends. */
export interface FlagLists {
  readonly allow: readonly string[];
  readonly passthrough: readonly string[];
}

/** No entries on the command line. */
export const NO_FLAGS: FlagLists = { allow: [], passthrough: [] };

/** Whether the command line names no entry. */
export const isWithoutFlags = ({ allow, passthrough }: FlagLists): boolean =>
  allow.length === 0 && passthrough.length === 0;

/** A dialect whose policies hold the entries of the command line besides those of the file. An entry in both counts as the file's. */
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

/** The place of an entry in words: `line 4`, `line 4 of FILE` for another file, or the flag that holds it. */
export const entryPlace = ({ line, flag, file }: Pick<Entry, 'line' | 'flag' | 'file'>): string =>
  flag ?? (file === undefined ? `line ${line}` : `line ${line} of ${file}`);
