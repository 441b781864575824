import type { Verdict } from '../../event.ts';

/** The number of shards of a machine. All decisions on a host are in one shard. */
export const SHARDS = 16;

/** The most hosts of a machine that have rows. Decisions on further hosts are counted in folded rows. */
export const HOSTS_A_MACHINE = 20_000;
/** The most bytes of names and numbers in one shard, so that its document fits into a message of 1 MiB. */
export const SHARD_BYTES = 256 * 1024;
/** The most characters of a name. A longer tool or agent is counted as `(other)`, a longer host in a folded row. */
export const NAME_LENGTH = 255;
/** The most files in one document. Each document says how far its files were counted. */
export const FILES_A_DOCUMENT = 2_000;
/** The most epochs of one machine. */
export const EPOCHS_A_MACHINE = 64;
/** The most machines of one tenant. */
export const MACHINES_A_TENANT = 20_000;

/** The counts of one host, tool, agent and verdict since the epoch began. */
export interface CounterRow {
  /** Null where the record has no host, and in a folded row. */
  readonly host: string | null;
  readonly tool: string | null;
  readonly agent: string | null;
  /** Null for records without a ruling, which only add bytes. */
  readonly verdict: Verdict | null;
  readonly count: number;
  readonly bytes: number;
  /** Unix ms of the earliest and the latest record; null where no record has a time. */
  readonly first: number | null;
  readonly last: number | null;
}

/** The machine and the epoch that a document belongs to. */
export interface CounterPlace {
  readonly tenant: string;
  readonly machine: string;
  /** A series of counters that began at zero. A shipper that lost its state begins a new epoch. */
  readonly epoch: string;
}

/** How far a file was counted. `id` is derived from the file's content, so that it survives a rename. */
export interface FilePlace {
  readonly id: string;
  readonly offset: number;
}

/** The counts of one shard since the epoch began. Of several documents only the one with the highest sequence counts. */
export interface ShardDocument extends CounterPlace {
  readonly type: 'shard';
  /** 0 to 15. */
  readonly shard: number;
  readonly sequence: number;
  /** Unix ms by the machine's clock. */
  readonly sent: number;
  readonly files: readonly FilePlace[];
  readonly rows: readonly CounterRow[];
  /** Decisions on hosts above the limits, by verdict. */
  readonly folded: readonly CounterRow[];
}

/** One file that a machine counts. */
export interface LedgerFile extends FilePlace {
  /** The file's path on the machine. */
  readonly name: string;
  readonly size: number;
  readonly lines: number;
}

/** The counts of all lines that a machine read. */
export interface LedgerCounts {
  readonly lines: number;
  readonly unreadable: number;
  readonly unrecognised: number;
  /** Records without a ruling. */
  readonly info: number;
  /** Files that vanished before all their lines were counted for certain. */
  readonly lostFiles: number;
  /** Bytes on disk that vanished before they were counted. */
  readonly lostBytes: number;
  /** Decisions on hosts above the limits. */
  readonly folded: number;
}

/** A shard's sequence and number of decisions when the ledger was written. */
export interface ShardMark {
  readonly sequence: number;
  readonly decisions: number;
}

/** A report on an epoch: how far the files were read, and what each shard must hold. The shipper sends it also when nothing changed. */
export interface LedgerDocument extends CounterPlace, LedgerCounts {
  readonly type: 'ledger';
  readonly sequence: number;
  readonly sent: number;
  /** Identifies one process of a shipper. It reveals two shippers that write the same epoch. */
  readonly run: string;
  /** How often the shipper sends, in ms. */
  readonly everyMs: number;
  /** The epoch before this one, and the sequence of its last ledger. Null for the first epoch of a machine. */
  readonly after: { readonly epoch: string; readonly sequence: number } | null;
  readonly files: readonly LedgerFile[];
  readonly shards: readonly ShardMark[];
  /** The state of the policy file on the machine, such as `pending` or `confirmed`; null where the shipper has no policy. */
  readonly policy: string | null;
}

/** All epochs of a machine, oldest first. A reader learns from it which counters it has not received. */
export interface EpochsDocument {
  readonly type: 'epochs';
  readonly tenant: string;
  readonly machine: string;
  readonly epochs: readonly string[];
}

/** A document that a shipper publishes. */
export type CounterDocument = ShardDocument | LedgerDocument | EpochsDocument;

/** The shard of a host: the FNV-1a hash of its UTF-16 units, modulo the number of shards. */
export function shardOf(host: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < host.length; i += 1) hash = Math.imul(hash ^ host.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 16)) & (SHARDS - 1);
}

/** The key of a row within its shard. Rows with equal keys are the same row. */
export const rowKey = ({ host, tool, agent, verdict }: CounterRow): string =>
  `${measured(host)}${measured(tool)}${measured(agent)}${verdict}`;

/** A name with its length in front, so that joined names cannot be confused. */
const measured = (name: string | null): string => (name === null ? '-' : `${name.length}:${name}`);
