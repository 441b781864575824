import { VERDICTS } from '../../core/event.ts';
import { NEW_TO_AGENT, SCREEN_FILTER_KEYS, type FilterKey } from '../../core/filter.ts';
import type { Traffic } from '../../core/traffic/traffic.ts';
import type { TextInput } from '../state/prompt.ts';

/** The most values that completion examines, and the most that it offers. */
const VALUES = 2_000;
const OFFERED = 8;

/** The possible completions at the cursor: keys, or values of a key in the traffic. Best first; empty for an unknown key. */
export function completions(input: TextInput, traffic: Traffic): readonly string[] {
  const [, sign = '', word, value = ''] = /^([!-]?)(?:([a-z]+):)?(.*)$/is.exec(wordAt(input)) ?? [];
  if (word === undefined) return keysLike(value).map(known => `${sign}${known}:`);
  const key = SCREEN_FILTER_KEYS.find(known => known === word.toLowerCase());
  if (!key) return [];
  const wanted = value.replace(/^"/, '').toLowerCase();
  const seen = matching(wanted, valuesOf(key, traffic), NAMES_OF.has(key));
  return seen.map(name => `${sign}${key}:${quoted(name)}`);
}

const keysLike = (start: string): readonly FilterKey[] =>
  start === '' ? [] : SCREEN_FILTER_KEYS.filter(known => known.startsWith(start.toLowerCase()));

/** Keys with names as values. Their completions also match in the middle of a name. */
const NAMES_OF: ReadonlySet<FilterKey> = new Set(['host', 'tool', 'agent']);

/** The most names that are searched for a part of them. Searching more would delay the key press. */
const SEARCHED = 20_000;

/** The values that begin with the typed text, in order, then names that contain it elsewhere. */
function matching(wanted: string, names: Iterable<string>, isOfNames: boolean): readonly string[] {
  const found: string[] = [];
  const within: string[] = [];
  let searched = 0;
  for (const name of names) {
    if (name.length > wanted.length && name.slice(0, wanted.length).toLowerCase() === wanted)
      found.push(name);
    else if (isOfNames && wanted !== '' && searched < SEARCHED && name.toLowerCase().includes(wanted, 1))
      within.push(name);
    searched += 1;
    if (found.length === VALUES) break;
  }
  return [...found.sort(), ...within.sort()].slice(0, OFFERED);
}

/** A value in the syntax of a query: in double quotes if it contains a blank or a quote. */
export const quoted = (value: string): string =>
  /[\s"]/.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : value;

/** Replaces the word at the cursor by a completion, by default the first. */
export function complete(input: TextInput, traffic: Traffic, chosen = 0): TextInput {
  const best = completions(input, traffic)[chosen];
  if (best === undefined) return input;
  const start = input.cursor - wordAt(input).length;
  const tail = best.endsWith(':') ? '' : ' ';
  return {
    text: input.text.slice(0, start) + best + tail + input.text.slice(input.cursor),
    cursor: start + best.length + tail.length,
  };
}

/** The text from the last blank outside double quotes to the cursor. */
export const wordAt = ({ text, cursor }: TextInput): string =>
  /(?:"(?:[^"\\]|\\.)*(?:"|$)|[^\s"])*$/.exec(text.slice(0, cursor))?.[0] ?? '';

function valuesOf(key: FilterKey, traffic: Traffic): Iterable<string> {
  switch (key) {
    case 'verdict':
      return VERDICTS;
    case 'host':
      return traffic.hosts.keys();
    case 'tool':
      return traffic.tools.keys();
    case 'agent':
      return traffic.agents.keys();
    case 'new':
      return [NEW_TO_AGENT, '10m', '1h', '24h'];
    case 'since':
    case 'until':
      return ['1m', '10m', '1h', '24h'];
    case 'status':
      return ['2xx', '3xx', '4xx', '5xx', '>=400', '-'];
    case 'reason':
    case 'method':
    case 'system':
    case 'kind':
    case 'rule':
      return new Set(recent(key, traffic));
    case 'machine':
      return machineNames(traffic);
    case 'machines':
      return ['1', '>1'];
    case 'ruled':
      return ['entry', 'rule', 'default', 'nothing'];
    case 'draft':
      return ['changed', 'allow', 'deny', 'same'];
    case 'id':
      return new Set(recent('correlationId', traffic));
    case 'hop':
      return new Set(recent('hop', traffic));
    case 'port':
    case 'url':
    case 'source':
      return [];
  }
}

function machineNames({ hosts, machines }: Traffic): Iterable<string> {
  const names = new Set<string>();
  for (const host of hosts.keys()) {
    for (const name of machines?.of(host).keys() ?? []) names.add(name);
    if (names.size > VALUES) break;
  }
  return names;
}

function recent(
  key: 'reason' | 'method' | 'system' | 'kind' | 'rule' | 'correlationId' | 'hop',
  traffic: Traffic,
): string[] {
  const found: string[] = [];
  for (const event of traffic.recent.newestFirst()) {
    const value = event[key];
    if (value !== null) found.push(String(value));
    if (found.length === VALUES) break;
  }
  return found;
}
