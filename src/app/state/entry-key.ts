import type { Entry } from '../../core/policy/dialect.ts';

/** The key of an entry: its list and text, which stay when lines move. */
export const entryKey = ({ list, text }: Pick<Entry, 'list' | 'text'>): string => `${list} ${text}`;

/** The text of the entry with this key. */
export const textOfKey = (key: string): string => key.slice(key.indexOf(' ') + 1);
