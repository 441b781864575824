import type { JsonObject } from '../event.ts';

/** A key and its value, which is bare or in double quotes with JSON's escapes. */
const PAIR = /([A-Za-z_][\w.-]*)=(?:("(?:[^"\\]|\\.)*")|([^\s"=]*))(?:\s+|$)/y;

/** The pairs of a line of `key=value` text. `twice`: a key that occurs more than once, so that its value is ambiguous. */
export interface LogfmtLine {
  readonly record: JsonObject;
  readonly twice: string | null;
}

/**
 * Parses a line of logfmt as Go's log/slog TextHandler writes it: nothing but pairs. Null for any other line, and for a quoted value that
 * is invalid JSON. It reads any line in one pass.
 */
export function readLogfmt(line: string): LogfmtLine | null {
  const text = line.trim();
  const record: Record<string, string> = Object.create(null) as Record<string, string>;
  let twice: string | null = null;
  for (let at = 0; at < text.length; at = PAIR.lastIndex) {
    PAIR.lastIndex = at;
    const pair = PAIR.exec(text);
    const value = pair && valueOf(pair);
    if (!pair || value === null) return null;
    const [, key = ''] = pair;
    if (key in record) twice ??= key;
    else record[key] = value;
  }
  return text === '' ? null : { record: { ...record }, twice };
}

function valueOf([, , quoted, bare = '']: RegExpExecArray): string | null {
  if (quoted === undefined) return bare;
  try {
    return String(JSON.parse(quoted));
  } catch {
    return null; // an escape that JSON does not have
  }
}
