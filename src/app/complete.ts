import { VERDICTS } from '../core/event.ts';
import { FILTER_KEYS, type FilterKey } from '../core/filter.ts';
import type { Traffic } from '../core/traffic.ts';
import type { TextInput } from './state.ts';

/** How many values completion looks at. */
const VALUES = 2_000;

/** The words that could stand where the cursor is: keys, or seen values of a key. Best first. */
export function completions(input: TextInput, traffic: Traffic): readonly string[] {
  const word = wordAt(input);
  const [, sign = '', key, value = ''] = /^([!-]?)(?:([a-z]+):)?(.*)$/i.exec(word) ?? [];
  if (key === undefined)
    return value === ''
      ? []
      : FILTER_KEYS.filter(known => known.startsWith(value.toLowerCase())).map(known => `${sign}${known}:`);
  const seen = valuesOf(key.toLowerCase() as FilterKey, traffic);
  const wanted = value.toLowerCase();
  return seen
    .filter(name => name.startsWith(wanted) && name !== wanted)
    .slice(0, 8)
    .map(name => `${sign}${key}:${/\s/.test(name) ? `"${name}"` : name}`);
}

/** The input with the word under the cursor replaced by the first completion. */
export function complete(input: TextInput, traffic: Traffic): TextInput {
  const [best] = completions(input, traffic);
  if (best === undefined) return input;
  const start = input.cursor - wordAt(input).length;
  const tail = best.endsWith(':') ? '' : ' ';
  return {
    text: input.text.slice(0, start) + best + tail + input.text.slice(input.cursor),
    cursor: start + best.length + tail.length,
  };
}

const wordAt = ({ text, cursor }: TextInput): string => /\S*$/.exec(text.slice(0, cursor))?.[0] ?? '';

function valuesOf(key: FilterKey, traffic: Traffic): readonly string[] {
  switch (key) {
    case 'verdict':
      return VERDICTS;
    case 'host':
      return [...traffic.hosts.keys()].slice(0, VALUES).sort();
    case 'tool':
      return [...traffic.tools.keys()].slice(0, VALUES).sort();
    case 'agent':
      return [...traffic.agents.keys()].slice(0, VALUES).sort();
    case 'since':
    case 'until':
      return ['1m', '10m', '1h', '24h'];
    case 'status':
      return ['2xx', '3xx', '4xx', '5xx', '>=400'];
    case 'reason':
    case 'method':
    case 'system':
    case 'kind':
    case 'rule':
      return [...new Set(recent(key, traffic))].sort();
    case 'port':
    case 'url':
    case 'source':
      return [];
  }
}

function recent(key: 'reason' | 'method' | 'system' | 'kind' | 'rule', traffic: Traffic): string[] {
  const found: string[] = [];
  for (const event of traffic.recent.newestFirst()) {
    const value = event[key];
    if (value !== null) found.push(value);
    if (found.length === VALUES) break;
  }
  return found;
}
