import type { JsonObject } from '../../core/event.ts';
import { isObject, parseObject } from '../../core/record.ts';
import { DocumentLines } from '../lines/document-lines.ts';
import { LineSplitter } from '../lines/line-splitter.ts';
import type { Line } from '../source.ts';

/** One answer of an events endpoint: its records as lines, and where the next page is. */
export interface Page {
  readonly type: 'page';
  readonly lines: readonly Line[];
  /** On the same origin; null for the last page. */
  readonly next: URL | null;
}

/** An answer without events. */
export interface NoPage {
  readonly type: 'no-page';
  readonly why: string;
}

/** Reads a JSON document or JSON lines. How pages follow on one another is undocumented: a link or a cursor is taken where one stands. */
export function readPage(bytes: Buffer, url: URL, link: string | null): Page | NoPage {
  const documents = new DocumentLines();
  const splitter = new LineSplitter();
  const parts = [...documents.push(bytes), ...documents.end()];
  const lines = parts.flatMap(part => splitter.push(part.bytes));
  const rest = splitter.end();
  const all = [...lines, ...(rest === null ? [] : [rest])].filter(
    line => typeof line !== 'string' || line.trim() !== '',
  );
  if (documents.isOpen) return { type: 'no-page', why: 'its answer ends in the middle' };
  const envelope = objectIn(bytes);
  const listless = envelope && all.length === 1 ? withoutList(envelope) : null;
  if (listless === 'empty') return { type: 'page', lines: [], next: null };
  if (listless !== null) return { type: 'no-page', why: `answers with no events but ${listless}` };
  const [first] = all;
  if (typeof first === 'string' && !envelope && !/^\s*[[{]/.test(first.replace(/^\uFEFF/, '')))
    return { type: 'no-page', why: 'answers with something that is no JSON' };
  return { type: 'page', lines: all, next: nextPage(envelope, url, link) };
}

/** The answer as one object; null where it is a list, JSON lines, or no JSON. */
const objectIn = (bytes: Buffer): JsonObject | null =>
  parseObject(bytes.toString('utf8').replace(/^\uFEFF/, ''));

const LISTS = ['items', 'data', 'events'];
/** The keys that tell a record from an envelope: every known system's records have one of them. */
const RECORD_KEYS = ['surface', 'event', 'kind', 'event_type', 'decision', 'tool', 'entry_hash'];

/**
 * Reads an object that is the only line. Returns `empty` where its list is null, its message where it is no record, and null for a record
 * or a list.
 */
function withoutList(object: JsonObject): string | null {
  const lists = [object, ...(isObject(object['data']) ? [object['data']] : [])].flatMap(each =>
    LISTS.flatMap(key => (key in each ? [each[key]] : [])),
  );
  if (lists.some(list => Array.isArray(list))) return null;
  if (RECORD_KEYS.some(key => key in object)) return null;
  if (lists.includes(null)) return 'empty';
  return `an object with ${Object.keys(object).slice(0, 6).join(', ') || 'nothing in it'}`;
}

const LINK_KEYS = ['next', 'next_url', 'next_page_url', 'next_link'];
/** A cursor, and the parameter by which it is asked for. */
const CURSOR_KEYS = [
  ['next_cursor', 'cursor'],
  ['nextCursor', 'cursor'],
  ['next_page_token', 'page_token'],
  ['nextPageToken', 'pageToken'],
] as const;

function nextPage(envelope: JsonObject | null, url: URL, link: string | null): URL | null {
  const linked = /<([^>]*)>\s*;[^,]*\brel="?next"?/i.exec(link ?? '')?.[1];
  if (linked !== undefined) return within(url, linked);
  const places = envelope
    ? [envelope, ...['data', 'links', 'meta', 'pagination'].map(key => envelope[key])].filter(isObject)
    : [];
  for (const place of places) {
    for (const key of LINK_KEYS) {
      const value = isObject(place[key]) ? place[key]['href'] : place[key];
      if (typeof value === 'string' && value !== '')
        return /^(?:https?:|[/?])/.test(value) ? within(url, value) : withParameter(url, 'cursor', value);
    }
    for (const [key, parameter] of CURSOR_KEYS) {
      const value = place[key];
      if (typeof value === 'string' && value !== '') return withParameter(url, parameter, value);
    }
  }
  return null;
}

/** A link to another origin is none: the token would go there. */
function within(url: URL, link: string): URL | null {
  const next = URL.parse(link, url.href);
  return next?.origin === url.origin && next.username === '' ? next : null;
}

function withParameter(url: URL, name: string, value: string): URL {
  const next = new URL(url);
  next.searchParams.set(name, value);
  return next;
}
