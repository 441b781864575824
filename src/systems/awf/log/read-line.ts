import type { JsonObject } from '../../../core/event.ts';
import { count, parseObject, text } from '../../../core/record.ts';
import { RESULT_CODE } from '../../squid/log/result-code.ts';
import type { LineFault, TextLine } from '../../system.ts';

const CODE = new RegExp(`^${RESULT_CODE}(?::[A-Z_]+)?$`);
/** The fields of both versions (`schemas/audit.schema.json`). */
const FIELDS = ['client', 'host', 'dest', 'method', 'decision', 'url'];

/** Whether a record has all fields of a version of `audit.jsonl`, and a decision that is a Squid result code. */
export function isAwfRecord(record: JsonObject): boolean {
  const isTimed = count(record, 'ts') !== null || text(record, 'timestamp') !== null;
  return (
    isTimed &&
    CODE.test(text(record, 'decision') ?? '') &&
    FIELDS.every(field => typeof record[field] === 'string')
  );
}

const DETAILED_START = String.raw`^(?<ts>\d{9,11}\.\d{3}) (?<client>\S+:\d+) `;
/** The format `firewall_detailed` (`squid/config-sections.ts`). Quotes in the last field are escaped. */
const DETAILED = new RegExp(
  `${DETAILED_START}(?<host>\\S+) (?<dest>\\S+:\\S+) (?<version>[\\d.-]+) (?<method>\\S+) (?<status>\\d{1,3}|-) ` +
    `(?<decision>${RESULT_CODE}:[A-Z_]+) (?<url>\\S+) "(?<useragent>(?:[^"\\\\]|\\\\.)*)"$`,
);
const DETAILED_BROKEN = new RegExp(`${DETAILED_START}.* ${RESULT_CODE}:[A-Z]+_[A-Z_]+ `);
const AUDIT_START = /^\{"(?:_schema":"audit\/v|timestamp":"[^"]{20,30}","event":"http_access")/;

const UNESCAPED: LineFault = {
  why: 'a record of awf with a text that Squid did not escape: a request could write any field of it',
  remedy: 'see the same request in the other log of awf, access.log or audit.jsonl',
};

/** Parses a line of `firewall_detailed`, or a line of either log that a request made invalid; null for any other line. */
export function readAwfLine(line: string): TextLine | null {
  const groups = DETAILED.exec(line.trimEnd())?.groups;
  if (groups) return { type: 'record', record: { ...groups } };
  const isBroken = (AUDIT_START.test(line) && !isWhole(line)) || DETAILED_BROKEN.test(line);
  return isBroken ? { type: 'broken', ...UNESCAPED } : null;
}

/** Whether the text is a JSON object followed only by commas or blanks. */
const isWhole = (line: string): boolean => parseObject(line.replace(/[\s,]+$/, '')) !== null;

const KEY = /"(_schema|ts|timestamp|event|client|host|dest|method|status|decision|url)":/g;

/** A record with a duplicate field. The second value came from a text that the request contained. */
export function awfFault(line: string): LineFault | null {
  const keys = [...line.matchAll(KEY)].map(([, key]) => key);
  return new Set(keys).size === keys.length ? null : UNESCAPED;
}
