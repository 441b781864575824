import type { EgressEvent } from '../../core/event.ts';
import type { JournalLine } from './journal.ts';

/** The folded parts of a record. `all` is the last action on the whole record, and `turned` the parts that were changed since. */
export interface Folding {
  readonly all: 'as at first' | 'folded' | 'open';
  /** The paths of the parts that were folded or opened since. */
  readonly turned: ReadonlySet<string>;
}

/** The initial folding: everything is open except long lists and long texts. */
export const AT_FIRST: Folding = { all: 'as at first', turned: new Set() };

/** Whether a part is folded. `atFirst` is its initial state. */
export function isFolded({ all, turned }: Folding, path: string, atFirst: boolean): boolean {
  const before = all === 'as at first' ? atFirst : all === 'folded';
  return turned.has(path) ? !before : before;
}

/** Folds an open part, or opens a folded one. */
export function turnedOver(folding: Folding, path: string): Folding {
  const turned = new Set(folding.turned);
  if (!turned.delete(path)) turned.add(path);
  return { ...folding, turned };
}

/** The cursor on a page. It sticks to an event, which may move when newer ones come. */
interface PagePlace {
  readonly cursor: number;
  readonly top: number;
  readonly held?: EgressEvent | JournalLine['name'] | null;
  /** The search text; empty without a search. */
  readonly search?: string;
}

/** Whether the topmost page concerns hosts. On other pages, keys must not act on a host that is out of sight. */
export function isOnHosts({ pages }: { readonly pages: readonly Page[] }): boolean {
  const front = pages.at(-1)?.type;
  return front === undefined || front === 'host' || front === 'event';
}

/** A page above the list. Enter opens one, Esc closes it. */
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

/** The page without its search. */
export const unsearched = (page: Page): Page => ({ ...page, search: '' });
