import { machineOf, VERDICTS, type EgressEvent } from './event.ts';
import { parseMoment } from './time.ts';

/** The keys of a structured term, in the order completion offers them. */
export const FILTER_KEYS = [
  'verdict',
  'host',
  'tool',
  'agent',
  'reason',
  'since',
  'until',
  'status',
  'method',
  'port',
  'id',
  'hop',
  'system',
  'kind',
  'rule',
  'url',
  'source',
] as const;
/** The value of `new:` that selects hosts which their agent never asked for before. */
export const NEW_TO_AGENT = 'agent';

/** Keys that work on screens only. They need the open policy, the draft, the known hosts, or the machines of a fleet. */
const SCREEN_KEYS = ['ruled', 'draft', 'new', 'machine', 'machines'] as const;
export const SCREEN_FILTER_KEYS = [...FILTER_KEYS, ...SCREEN_KEYS] as const;
export type FilterKey = (typeof SCREEN_FILTER_KEYS)[number];

/** One word of a query: `key:value`, or a bare word with `key` null. A leading `!` or `-` negates. */
export interface FilterTerm {
  readonly key: FilterKey | null;
  readonly value: string;
  readonly isNegated: boolean;
  /** Where the term begins in the query, 0-based. */
  readonly offset: number;
}

/** A mistake in a query, and its place. */
export interface FilterError {
  readonly offset: number;
  readonly why: string;
}

/** A parsed query, or its first mistake. */
export type ParsedFilter =
  | { readonly type: 'valid'; readonly terms: readonly FilterTerm[] }
  | { readonly type: 'invalid'; readonly error: FilterError };

const TERM = /([!-]?)(?:([a-z]+):)?("(?:[^"\\]|\\.)*"?|\S+)/gi;
const COMPARISON = /^(>=|<=|>|<|=)?(\d+)$/;

/**
 * Parses a query: `verdict:deny tool:fetch host:*.github.com since:10m status:>=400 !agent:x words`. Values with spaces stand in double
 * quotes.
 */
export function parseFilter(query: string, keys: readonly FilterKey[] = FILTER_KEYS): ParsedFilter {
  const terms: FilterTerm[] = [];
  for (const match of query.matchAll(TERM)) {
    const term = toTerm(match, keys);
    const why = term === null ? `no such key: ${match[2]}: (there are ${keys.join(', ')})` : valueError(term);
    if (term === null || why !== null)
      return { type: 'invalid', error: { offset: match.index, why: why ?? '' } };
    terms.push(term);
  }
  return { type: 'valid', terms };
}

function toTerm(match: RegExpExecArray, keys: readonly FilterKey[]): FilterTerm | null {
  const [, sign = '', word, rest = ''] = match;
  const value = rest.startsWith('"') ? rest.replace(/^"|"$/g, '').replace(/\\(.)/g, '$1') : rest;
  const term = { value, isNegated: sign !== '', offset: match.index };
  if (word === undefined) {
    const unfinished = keys.find(known => `${known}:` === rest.toLowerCase());
    return unfinished ? { ...term, key: unfinished, value: '' } : { ...term, key: null };
  }
  const key = keys.find(known => known === word.toLowerCase());
  if (key) return { ...term, key };
  // a word with a colon whose key is unknown: it may be an address or a URL
  return /^(?:https?|wss?|ftp)$/i.test(word) || /^[0-9a-f]+$/i.test(word)
    ? { ...term, key: null, value: `${word}:${value}` }
    : null;
}

function valueError({ key, value }: FilterTerm): string | null {
  if (key !== null && value === '') return `${key}: wants a value`;
  if (isNumeric(key) && value === '-') return null;
  if (key === 'verdict' && !value.split(',').every(isVerdict))
    return `verdict: wants one of ${VERDICTS.join(', ')}`;
  if (key === 'status' && !/^[1-5]xx$/i.test(value) && !COMPARISON.test(value))
    return 'status: wants a number, >=400, or 4xx';
  if ((key === 'port' || key === 'hop' || key === 'machines') && !COMPARISON.test(value))
    return `${key}: wants a number`;
  if (key === 'new' && value.toLowerCase() === NEW_TO_AGENT) return null;
  if ((key === 'since' || key === 'until' || key === 'new') && parseMoment(value, 0) === null)
    return `${key}: wants a duration as 10m, ${key === 'new' ? `${NEW_TO_AGENT}, ` : ''}or an ISO time`;
  return null;
}

const isNumeric = (key: FilterKey | null): boolean => key === 'status' || key === 'port' || key === 'hop';

const isVerdict = (word: string): boolean =>
  word.includes('*') || VERDICTS.some(verdict => verdict === word.toLowerCase()) || word === '-';

/** A test for events. `now` (unix ms) is the moment that `since:10m` counts back from. Bare words must stand in the event's text. */
export function eventTest(terms: readonly FilterTerm[], now: number): (event: EgressEvent) => boolean {
  const tests = terms.map(term => {
    const test = termTest(term, now);
    return term.isNegated ? (event: EgressEvent) => !test(event) : test;
  });
  return event => tests.every(test => test(event));
}

function termTest({ key, value }: FilterTerm, now: number): (event: EgressEvent) => boolean {
  switch (key) {
    case null: {
      const word = value.toLowerCase();
      return event => shown(event).some(text => text?.toLowerCase().includes(word));
    }
    case 'since': {
      const at = parseMoment(value, now) ?? now;
      return event => event.at !== null && event.at >= at;
    }
    case 'until': {
      const at = parseMoment(value, now) ?? now;
      return event => event.at !== null && event.at < at;
    }
    case 'status':
      return numberTest(value, event => event.status);
    case 'port':
      return numberTest(value, event => event.port);
    case 'hop':
      return numberTest(value, event => event.hop);
    case 'id':
      return (
        matches => (event: EgressEvent) =>
          matches(event.correlationId)
      )(textTest(value, false));
    case 'machine':
      return (
        matches => (event: EgressEvent) =>
          matches(machineOf(event.source))
      )(textTest(value, false));
    case 'ruled':
    case 'draft':
    case 'new':
    case 'machines':
      throw new Error(`${key}: cannot be asked of an event alone`);
    case 'verdict':
    case 'host':
    case 'tool':
    case 'agent':
    case 'reason':
    case 'method':
    case 'system':
    case 'kind':
    case 'rule':
    case 'url':
    case 'source': {
      const matches = textTest(value, key === 'reason' || key === 'url' || key === 'source');
      return event => matches(event[key]);
    }
  }
}

const shown = (event: EgressEvent): readonly (string | null)[] => [
  event.host,
  event.tool,
  event.agent,
  event.reason,
  event.url,
  event.kind,
  event.verdict,
  event.address,
];

/** A test for one text field. `*` stands for anything, `-` for a missing text, a comma for "or". In prose the value may stand anywhere. */
export function textTest(value: string, isProse: boolean): (text: string | null) => boolean {
  const tests = value
    .split(',')
    .filter(part => part !== '')
    .map(part => oneTextTest(part, isProse));
  return text => tests.some(test => test(text));
}

function oneTextTest(value: string, isProse: boolean): (text: string | null) => boolean {
  const wanted = value.toLowerCase();
  if (wanted === '-') return text => text === null;
  if (wanted.includes('*')) {
    const pattern = new RegExp(`^${wanted.split('*').map(escapePattern).join('.*')}$`, 's');
    return text => text !== null && pattern.test(text.toLowerCase());
  }
  return isProse
    ? text => text?.toLowerCase().includes(wanted) ?? false
    : text => text?.toLowerCase() === wanted;
}

const escapePattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

function numberTest(
  value: string,
  field: (event: EgressEvent) => number | null,
): (event: EgressEvent) => boolean {
  if (value === '-') return event => field(event) === null;
  const comparison = COMPARISON.exec(value);
  if (!comparison) {
    const hundreds = Number(value[0]);
    return event => Math.floor((field(event) ?? 0) / 100) === hundreds;
  }
  const holds = compare(comparison[1] ?? '=', Number(comparison[2]));
  return event => {
    const actual = field(event);
    return actual !== null && holds(actual);
  };
}

/** A test for a count by `3`, `>=3` or `<3`; false for any other text. */
export function countTest(value: string): (count: number) => boolean {
  const comparison = COMPARISON.exec(value);
  return comparison ? compare(comparison[1] ?? '=', Number(comparison[2])) : () => false;
}

function compare(operator: string, bound: number): (value: number) => boolean {
  switch (operator) {
    case '>=':
      return value => value >= bound;
    case '<=':
      return value => value <= bound;
    case '>':
      return value => value > bound;
    case '<':
      return value => value < bound;
    default:
      return value => value === bound;
  }
}
