import type { EgressEvent } from '../../core/event.ts';
import type { JournalLine } from './journal.ts';

/** Where the operator stands on a page: on a line, and where that tells of an event on the event, wherever newer ones push it. */
interface PagePlace {
  readonly cursor: number;
  readonly top: number;
  readonly held?: EgressEvent | JournalLine['name'] | null;
}

/** Whether what is in front tells of hosts; over a page about the program a key must not mean a host that is out of sight. */
export function isOnHosts({ pages }: { readonly pages: readonly Page[] }): boolean {
  const front = pages.at(-1)?.type;
  return front === undefined || front === 'host' || front === 'event';
}

/** A page above the screen: Enter pushes one, Esc pops it. */
export type Page = PagePlace &
  (
    | { readonly type: 'host'; readonly host: string }
    | { readonly type: 'event'; readonly event: EgressEvent }
    | { readonly type: 'help' }
    | { readonly type: 'problems' }
    | { readonly type: 'sources' }
    | { readonly type: 'journal' }
    | { readonly type: 'journal-record'; readonly name: JournalLine['name'] }
  );
