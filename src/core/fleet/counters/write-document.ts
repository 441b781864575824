import { VERDICTS } from '../../event.ts';
import type { CounterDocument, CounterRow } from './counter-document.ts';

/** The version of the format. A reader refuses other versions. */
export const COUNTER_VERSION = 1;

/** A document as JSON. Rows are lists, to save bytes. */
export function writeDocument(document: CounterDocument): string {
  const { type, ...fields } = document;
  if (document.type !== 'shard') return JSON.stringify({ v: COUNTER_VERSION, type, ...fields });
  const { rows, folded } = document;
  return JSON.stringify({
    v: COUNTER_VERSION,
    type,
    ...fields,
    rows: rows.map(listOf),
    folded: folded.map(listOf),
  });
}

/** A row as `[host, tool, agent, verdict, count, bytes, first, last]`. The verdict is its index in VERDICTS, or -1. */
const listOf = ({
  host,
  tool,
  agent,
  verdict,
  count,
  bytes,
  first,
  last,
}: CounterRow): readonly unknown[] => [
  host,
  tool,
  agent,
  verdict === null ? -1 : VERDICTS.indexOf(verdict),
  count,
  bytes,
  first,
  last,
];
