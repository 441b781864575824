import type { EgressEvent } from '../../core/event.ts';
import type { JournalLine } from './journal.ts';

/** Which parts of a record are not as they are at first, by their path, and whether all of them were folded or opened since. */
export interface Folding {
  readonly all: 'as at first' | 'folded' | 'open';
  /** Parts that were turned over since then. */
  readonly turned: ReadonlySet<string>;
}

/** A record as a page shows it at first: open, but for long lists and long texts. */
export const AT_FIRST: Folding = { all: 'as at first', turned: new Set() };

/** Whether a part is folded. */
export function isFolded({ all, turned }: Folding, path: string, atFirst: boolean): boolean {
  const before = all === 'as at first' ? atFirst : all === 'folded';
  return turned.has(path) ? !before : before;
}

/** The folding with one part turned over. */
export function turnedOver(folding: Folding, path: string): Folding {
  const turned = new Set(folding.turned);
  if (!turned.delete(path)) turned.add(path);
  return { ...folding, turned };
}

/** Where the operator stands on a page: on a line, and where that tells of an event on the event, wherever newer ones push it. */
interface PagePlace {
  readonly cursor: number;
  readonly top: number;
  readonly held?: EgressEvent | JournalLine['name'] | null;
  /** The text that is looked for on the page; empty for none. */
  readonly search?: string;
}

/** Whether the front page tells of hosts. Over a page about the program, a key must not mean a host that is out of sight. */
export function isOnHosts({ pages }: { readonly pages: readonly Page[] }): boolean {
  const front = pages.at(-1)?.type;
  return front === undefined || front === 'host' || front === 'event';
}

/** A page above the screen: Enter pushes one, Esc pops it. */
export type Page = PagePlace &
  (
    | { readonly type: 'host'; readonly host: string }
    | { readonly type: 'event'; readonly event: EgressEvent; readonly folding?: Folding }
    | { readonly type: 'help' }
    | { readonly type: 'problems' }
    | { readonly type: 'sources' }
    | { readonly type: 'journal' }
    | { readonly type: 'journal-record'; readonly name: JournalLine['name'] }
  );

/** The page without what is looked for on it. */
export const unsearched = (page: Page): Page => ({ ...page, search: '' });
