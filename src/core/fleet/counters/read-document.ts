import { VERDICTS, type JsonObject } from '../../event.ts';
import { isObject, parseObject } from '../../record.ts';
import {
  EPOCHS_A_MACHINE,
  FILES_A_DOCUMENT,
  NAME_LENGTH,
  rowKey,
  SHARD_BYTES,
  SHARDS,
  shardOf,
  type CounterDocument,
  type CounterPlace,
  type CounterRow,
  type EpochsDocument,
  type FilePlace,
  type LedgerDocument,
  type LedgerFile,
  type ShardDocument,
  type ShardMark,
} from './counter-document.ts';
import { COUNTER_VERSION } from './write-document.ts';

/** The most rows of one document: a row takes more bytes than this fraction of a shard. */
const ROWS_A_DOCUMENT = SHARD_BYTES / 16;
/** The latest time of a JavaScript Date, unix ms. */
const LATEST = 8.64e15;

/** A document, or why it is refused. */
export type ReadDocument = CounterDocument | { readonly type: 'refused'; readonly why: string };

/** Thrown and caught within this file. */
class Refusal extends Error {}

/** Reads a document that a machine published. A document that violates the format is refused with a reason. */
export function readDocument(text: string): ReadDocument {
  try {
    const record = parseObject(text);
    if (!record) throw new Refusal('is no JSON object');
    if (record['v'] !== COUNTER_VERSION) throw new Refusal(`is not of version ${COUNTER_VERSION}`);
    return documentOf(record);
  } catch (error) {
    if (error instanceof Refusal) return { type: 'refused', why: error.message };
    throw error;
  }
}

function documentOf(record: JsonObject): CounterDocument {
  switch (record['type']) {
    case 'shard':
      return shardDocument(record);
    case 'ledger':
      return ledgerDocument(record);
    case 'epochs':
      return epochsDocument(record);
    default:
      throw new Refusal('is of no known type');
  }
}

const placeOf = (record: JsonObject): CounterPlace => ({
  tenant: name(record, 'tenant'),
  machine: name(record, 'machine'),
  epoch: name(record, 'epoch'),
});

function shardDocument(record: JsonObject): ShardDocument {
  const shard = whole(record, 'shard');
  if (shard >= SHARDS) throw new Refusal(`has a shard above ${SHARDS - 1}`);
  const rows = list(record, 'rows', ROWS_A_DOCUMENT).map(rowOf);
  if (hasTwice(rows)) throw new Refusal('has a row twice');
  if (rows.some(({ host }) => shardOf(host ?? '') !== shard))
    throw new Refusal('has a host of another shard');
  const folded = list(record, 'folded', VERDICTS.length + 1).map(rowOf);
  if (folded.some(row => row.host !== null || row.tool !== null || row.agent !== null))
    throw new Refusal('has a name in a folded row');
  if (hasTwice(folded)) throw new Refusal('has a folded row twice');
  return {
    type: 'shard',
    ...placeOf(record),
    shard,
    sequence: whole(record, 'sequence'),
    sent: moment(record, 'sent'),
    files: list(record, 'files', FILES_A_DOCUMENT).map(filePlace),
    rows,
    folded,
  };
}

/** Up to this many rows are compared in pairs, which is cheaper than making keys. */
const FEW = 12;

function hasTwice(rows: readonly CounterRow[]): boolean {
  if (rows.length > FEW) return new Set(rows.map(rowKey)).size !== rows.length;
  return rows.some((row, index) => {
    for (let before = 0; before < index; before += 1) if (isAlike(rows[before], row)) return true;
    return false;
  });
}

const isAlike = (one: CounterRow | undefined, other: CounterRow): boolean =>
  one?.host === other.host &&
  one.tool === other.tool &&
  one.agent === other.agent &&
  one.verdict === other.verdict;

function rowOf(value: unknown): CounterRow {
  if (!Array.isArray(value) || value.length !== 8) throw new Refusal('has a row that is no list of 8');
  const [host, tool, agent, verdict, count, bytes, first, last] = value as readonly unknown[];
  return {
    host: nameOrNull(host),
    tool: nameOrNull(tool),
    agent: nameOrNull(agent),
    verdict: verdictAt(verdict),
    count: wholeOf(count, 'count'),
    bytes: wholeOf(bytes, 'bytes'),
    first: first === null ? null : momentOf(first, 'first'),
    last: last === null ? null : momentOf(last, 'last'),
  };
}

function verdictAt(value: unknown): CounterRow['verdict'] {
  if (value === -1) return null;
  const verdict = typeof value === 'number' ? VERDICTS[value] : undefined;
  if (verdict === undefined) throw new Refusal('has a row of no known verdict');
  return verdict;
}

function ledgerDocument(record: JsonObject): LedgerDocument {
  const shards = list(record, 'shards', SHARDS).map(shardMark);
  if (shards.length !== SHARDS) throw new Refusal(`does not list ${SHARDS} shards`);
  return {
    type: 'ledger',
    ...placeOf(record),
    sequence: whole(record, 'sequence'),
    sent: moment(record, 'sent'),
    run: name(record, 'run'),
    everyMs: whole(record, 'everyMs'),
    after: afterOf(record['after']),
    files: list(record, 'files', FILES_A_DOCUMENT).map(ledgerFile),
    shards,
    lines: whole(record, 'lines'),
    unreadable: whole(record, 'unreadable'),
    unrecognised: whole(record, 'unrecognised'),
    info: whole(record, 'info'),
    lostFiles: whole(record, 'lostFiles'),
    lostBytes: whole(record, 'lostBytes'),
    folded: whole(record, 'folded'),
    policy: nameOrNull(record['policy']),
  };
}

function afterOf(value: unknown): LedgerDocument['after'] {
  if (value === null) return null;
  const record = object(value, 'after');
  return { epoch: name(record, 'epoch'), sequence: whole(record, 'sequence') };
}

function shardMark(value: unknown): ShardMark {
  const record = object(value, 'shards');
  return { sequence: whole(record, 'sequence'), decisions: whole(record, 'decisions') };
}

function filePlace(value: unknown): FilePlace {
  const record = object(value, 'files');
  return { id: name(record, 'id'), offset: whole(record, 'offset') };
}

function ledgerFile(value: unknown): LedgerFile {
  const record = object(value, 'files');
  const path = record['name'];
  if (typeof path !== 'string' || path.length > 4096) throw new Refusal('has a file without a path');
  return { ...filePlace(value), name: path, size: whole(record, 'size'), lines: whole(record, 'lines') };
}

function epochsDocument(record: JsonObject): EpochsDocument {
  const epochs = list(record, 'epochs', EPOCHS_A_MACHINE).map(value => {
    const epoch = nameOrNull(value);
    if (epoch === null) throw new Refusal('has an epoch without a name');
    return epoch;
  });
  return { type: 'epochs', tenant: name(record, 'tenant'), machine: name(record, 'machine'), epochs };
}

function object(value: unknown, field: string): JsonObject {
  if (!isObject(value)) throw new Refusal(`has no object in ${field}`);
  return value;
}

function list(record: JsonObject, field: string, limit: number): readonly unknown[] {
  const value = record[field];
  if (!Array.isArray(value)) throw new Refusal(`has no list ${field}`);
  if (value.length > limit) throw new Refusal(`has more than ${limit} ${field}`);
  return value;
}

function name(record: JsonObject, field: string): string {
  const value = nameOrNull(record[field]);
  if (value === null) throw new Refusal(`has no ${field}`);
  return value;
}

function nameOrNull(value: unknown): string | null {
  if (value === null) return null;
  if (typeof value !== 'string') throw new Refusal('has a name that is no text');
  if (value === '' || value.length > NAME_LENGTH)
    throw new Refusal(`has a name that is empty or longer than ${NAME_LENGTH} characters`);
  return value;
}

const whole = (record: JsonObject, field: string): number => wholeOf(record[field], field);

function wholeOf(value: unknown, field: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new Refusal(`has no whole number in ${field}`);
  return value;
}

const moment = (record: JsonObject, field: string): number => momentOf(record[field], field);

function momentOf(value: unknown, field: string): number {
  if (typeof value !== 'number' || !(Math.abs(value) <= LATEST)) throw new Refusal(`has no time in ${field}`);
  return value;
}
