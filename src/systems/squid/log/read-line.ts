import type { JsonObject } from '../../../core/event.ts';
import type { TextLine } from '../../system.ts';
import { RESULT_CODE } from './result-code.ts';

/** The names of Squid's own formats, which are stored in `logformat` (squid.conf, `logformat`). */
export const LOGFORMATS = ['squid', 'common', 'combined', 'referrer', 'useragent', 'cache.log'] as const;

const TIME = String.raw`\d{8,11}\.\d{3}`;
const HIERARCHY = /^(?:TIMEOUT_)?[A-Z]+(?:_[A-Z]+)*[/:]\S+$/;
const CLF_TIME = String.raw`\[(?<time>\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\]`;

/** Parses a line of Squid in any of its own formats into a record of named texts; null for any other line. */
export function readSquidLine(line: string): TextLine | null {
  const record = FORMATS.map(read => read(line.trimEnd())).find(found => found !== null);
  return record ? { type: 'record', record } : null;
}

const NATIVE = new RegExp(
  `^(?<time>${TIME}) +(?<elapsed>-?\\d+) (?<client>\\S+) (?<code>${RESULT_CODE})/(?<status>\\d{3}) (?<bytes>\\d+) (?<method>\\S+) `,
);

/**
 * Parses the formats `squid` and `squidmime`, with any further fields. A URL may contain blanks (`uri_whitespace allow`), so its end is
 * found by the user and the hierarchy code that follow.
 */
function native(line: string): JsonObject | null {
  const head = NATIVE.exec(line);
  if (!head?.groups) return null;
  const words = line.slice(head[0].length).split(' ');
  const at = words.findIndex((word, index) => index >= 2 && HIERARCHY.test(word));
  if (at === -1) return null;
  const [hierarchy = '', peer = ''] = halves(words[at] ?? '');
  const begun = userAt(words, at);
  return {
    logformat: 'squid',
    ...head.groups,
    url: words.slice(0, begun).join(' '),
    user: words
      .slice(begun, at)
      .join(' ')
      .replace(/^"(.*)"$/s, '$1'),
    hierarchy,
    peer,
    type: words[at + 1] ?? '-',
    ...(words.length > at + 2 ? { more: words.slice(at + 2).join(' ') } : {}),
  };
}

/** The index of the user's first word. A quoted name may contain blanks, any other is one word. The URL has at least one word. */
function userAt(words: readonly string[], hierarchy: number): number {
  const last = hierarchy - 1;
  if (!(words[last] ?? '').endsWith('"')) return last;
  const begun = words.findLastIndex((word, index) => index >= 1 && index <= last && word.startsWith('"'));
  return begun === -1 ? last : begun;
}

/** The two parts of `HIER_DIRECT/192.0.2.1` or `HIER_DIRECT:…`. An address may contain colons. */
function halves(word: string): readonly string[] {
  const at = word.search(/[/:]/);
  return [word.slice(0, at), word.slice(at + 1)];
}

/** The inside of a quoted field, in which quotes are escaped. */
const QUOTED = String.raw`(?:[^"\\]|\\.)*`;

const HTTPD = new RegExp(
  `^(?<client>\\S+) (?<ident>\\S+) (?<user>\\S+) ${CLF_TIME} "(?<method>\\S+) (?<url>[^"]*) HTTP/[\\d.]+" (?<status>\\d{3}) (?<bytes>\\d+|-) ` +
    `(?<agents>"(?<referrer>${QUOTED})" "(?<useragent>${QUOTED})" )?(?<code>${RESULT_CODE}):(?<hierarchy>[A-Z]+(?:_[A-Z]+)*)$`,
);

/** Parses the formats `common` and `combined`: Apache's formats followed by Squid's codes, which distinguish them from Apache's. */
function httpd(line: string): JsonObject | null {
  const { agents, ...fields } = HTTPD.exec(line)?.groups ?? {};
  if (!('code' in fields)) return null;
  return { logformat: agents === undefined ? 'common' : 'combined', ...withoutMissing(fields) };
}

const REFERRER = new RegExp(
  `^(?<time>${TIME}) (?<client>\\S+) (?<referrer>[a-z]+://\\S+) (?<url>[a-z]+://\\S+)$`,
);
const USERAGENT = new RegExp(`^(?<client>\\S+) ${CLF_TIME} "(?<useragent>[^"]*)"$`);

const referrer = (line: string): JsonObject | null => named('referrer', REFERRER.exec(line));
const useragent = (line: string): JsonObject | null => named('useragent', USERAGENT.exec(line));

/** Matches lines of the program's own log (`debug/debug.cc`) and their continuation lines. Containers mix them into the access log. */
const CACHE_LOG =
  /^(?<date>\d{4}\/\d\d\/\d\d) (?<clock>\d\d:\d\d:\d\d(?:\.\d+)?)(?: kid\d+)?\| ?(?<message>.*)$/;
const GOES_ON = /^ {2,}(?<message>(?:current master transaction|connection): .*)$/;

function cacheLog(line: string): JsonObject | null {
  const { date, clock, message } = CACHE_LOG.exec(line)?.groups ?? GOES_ON.exec(line)?.groups ?? {};
  if (message === undefined) return null;
  const time = date === undefined ? {} : { time: `${date.replaceAll('/', '-')}T${clock}` };
  return { logformat: 'cache.log', ...time, message };
}

function named(logformat: (typeof LOGFORMATS)[number], found: RegExpExecArray | null): JsonObject | null {
  return found?.groups ? { logformat, ...withoutMissing(found.groups) } : null;
}

const withoutMissing = (groups: Readonly<Record<string, string | undefined>>): JsonObject =>
  Object.fromEntries(Object.entries(groups).filter(([, value]) => value !== undefined));

const FORMATS = [native, httpd, referrer, useragent, cacheLog];
