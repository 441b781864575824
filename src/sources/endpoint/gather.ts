import { type KnownRecords, oldestFirst } from './known-records.ts';
import { readPage } from './page.ts';
import { ask, type Endpoint, type Unanswered } from './request.ts';
import type { Line } from '../source.ts';

/** So many pages, and bytes of answers, are taken in one go. */
const MAX_PAGES = 100;
const MAX_BYTES = 64 * 1024 * 1024;

/** The new lines of an endpoint, oldest first, and the reason why some may be missing. */
export interface EndpointLines {
  readonly lines: readonly Line[];
  readonly trouble: Unanswered | null;
}

export interface Gathering {
  readonly endpoint: Endpoint;
  readonly known: KnownRecords;
  /** Every page, also behind one that holds nothing new: not all of them were read yet. */
  readonly wantsAll: boolean;
  readonly signal: AbortSignal;
  /** Unix ms. */
  readonly now: () => number;
}

const failed = (why: string, remedy: string): Unanswered => ({
  type: 'failed',
  why,
  remedy,
  retryAfterMs: null,
});
const TOO_MUCH = failed(
  'has more events than are read in one go',
  'narrow them down by what the endpoint allows',
);
const NO_EVENTS = 'check that this is the address of the events';

/** Reads page after page, until one holds nothing new or is the last. */
export async function gather({ endpoint, known, wantsAll, signal, now }: Gathering): Promise<EndpointLines> {
  const pages: (readonly Line[])[] = [];
  const asked = new Set<string>();
  let bytes = 0;
  const end = (trouble: Unanswered | null): EndpointLines => ({ lines: oldestFirst(pages.flat()), trouble });
  let url: URL | null = URL.parse(endpoint.url);
  if (url === null) return end(failed('is no URL', 'check how it is written'));
  while (url !== null && !asked.has(url.href)) {
    if (asked.size >= MAX_PAGES || bytes > MAX_BYTES) return end(TOO_MUCH);
    asked.add(url.href);
    const answer = await ask(endpoint, url, { signal, now: now() });
    if (answer.type !== 'body') return end(answer);
    const page = readPage(answer.bytes, answer.url, answer.link);
    if (page.type === 'no-page') return end(failed(page.why, NO_EVENTS));
    const lines = known.unknown(page.lines);
    pages.push(lines);
    bytes += answer.bytes.length;
    url = lines.length > 0 || wantsAll ? page.next : null;
  }
  return end(null);
}
