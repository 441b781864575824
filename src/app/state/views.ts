import { SCREENS, type ScreenName, type SortKey } from './screen.ts';

/** A screen with its filter and sort, saved under a name. */
export interface SavedView {
  readonly name: string;
  readonly screen: ScreenName;
  readonly sort: SortKey;
  readonly isReversed: boolean;
  /** The filter's text. */
  readonly filter: string;
}

/**
 * A view in the configuration's syntax: `new hosts = denied -denied new:1h`. It has a name, a screen, a sort (with `-`: reversed) and a
 * filter.
 */
export const spellView = ({ name, screen, sort, isReversed, filter }: SavedView): string =>
  `${name} = ${screen} ${isReversed ? '-' : ''}${sort} ${filter}`.trimEnd();

/** Parses a view of the configuration. Returns why it is invalid. */
export function parseView(
  text: string,
  sorts: Readonly<Record<ScreenName, readonly SortKey[]>>,
): SavedView | string {
  const [, name, word, wanted = '', filter = ''] =
    /^\s*([^=]{1,60}?)\s*=\s*(\S+)(?:\s+(\S+))?(?:\s+(.*))?$/s.exec(text) ?? [];
  if (name === undefined || name === '') return 'a view is NAME = SCREEN SORT FILTER';
  const screen = SCREENS.find(known => known === word);
  if (!screen) return `a view has no screen ${word}: it is one of ${SCREENS.join(', ')}`;
  const sort = sorts[screen].find(known => known === wanted.replace(/^-/, ''));
  if (!sort) return `${screen} cannot be sorted by ${wanted}: it is one of ${sorts[screen].join(', ')}`;
  return { name, screen, sort, isReversed: wanted.startsWith('-'), filter: filter.trim() };
}
