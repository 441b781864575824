import { VERDICTS } from '../../event.ts';
import type { CounterDocument, CounterRow } from './counter-document.ts';

/** The version of the documents. A reader refuses others. */
export const COUNTER_VERSION = 1;

/** A document as JSON. Rows are lists, to be short. */
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

/** A row as `[host, tool, agent, verdict, count, bytes, first, last]`; the verdict is its place in the order of reports, or -1. */
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
