import { jsonFault } from '../../core/text/json-fault.ts';
import type { DecodedLine } from '../../systems/decode-line.ts';
import { formOf, MAX_PREFIXES, prefixesOf } from './prefix.ts';

/** A line that is not read, and why. */
export type Malformed = DecodedLine & { readonly type: 'malformed' };

/** Why a line without a record is not read: the place at which its JSON is broken behind a prefix, or the form that its text has. */
export function withoutRecord(line: string, plain: Malformed): Malformed {
  const behind = faultBehindPrefix(line);
  if (behind) return behind;
  const { name, remedy } = formOf(line);
  return name === null ? plain : { ...plain, why: `${name} without a record: ${plain.why}`, remedy };
}

/** A JSON object behind a prefix of a known form, with the place at which it is no JSON; null where there is none. */
function faultBehindPrefix(line: string, prefixes = 1): Malformed | null {
  for (const { name, rest } of prefixesOf(line)) {
    const fault = jsonFault(rest);
    if (fault) {
      const column = line.length - rest.length + fault.offset + 1;
      return { type: 'malformed', why: `${name}: not JSON: ${fault.why}`, remedy: fault.remedy, column };
    }
    const inner = prefixes < MAX_PREFIXES ? faultBehindPrefix(rest, prefixes + 1) : null;
    if (inner?.column !== undefined)
      return { ...inner, why: `${name}: ${inner.why}`, column: line.length - rest.length + inner.column };
  }
  return null;
}
