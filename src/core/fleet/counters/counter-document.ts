import type { Verdict } from '../../event.ts';

/** The shards of a machine: a host's decisions are all in one of them. */
export const SHARDS = 16;

/** Hosts of a machine that are counted apart; the decisions of further ones are counted in a folded row. */
export const HOSTS_A_MACHINE = 20_000;
/** Bytes of names and numbers in one shard, so that its document fits into a message of 1 MiB. */
export const SHARD_BYTES = 256 * 1024;
/** Characters of a name. A longer one is not counted under its name. */
export const NAME_LENGTH = 255;
/** Files of a machine that are counted at a time: each document tells how far. */
export const FILES_A_DOCUMENT = 2_000;
/** Epochs of one machine. */
export const EPOCHS_A_MACHINE = 64;
/** Machines of one tenant. */
export const MACHINES_A_TENANT = 20_000;

/** The counts of one combination of host, tool, agent and verdict since the epoch began. */
export interface CounterRow {
  /** Null where the record names none, and in a folded row. */
  readonly host: string | null;
  readonly tool: string | null;
  readonly agent: string | null;
  /** Null for records that rule on nothing and add bytes. */
  readonly verdict: Verdict | null;
  readonly count: number;
  readonly bytes: number;
  /** Unix ms of the earliest and the latest; null where none has a time. */
  readonly first: number | null;
  readonly last: number | null;
}

/** Which counters a document is of. */
export interface CounterPlace {
  readonly tenant: string;
  readonly machine: string;
  /** Counters that began at nothing together: a shipper that lost its state begins a new one. */
  readonly epoch: string;
}

/** How far a file was counted. The id tells the file by its content, whatever its name is now. */
export interface FilePlace {
  readonly id: string;
  readonly offset: number;
}

/** All that a machine counted of the hosts of one shard since its epoch began. The one with the highest sequence replaces all others. */
export interface ShardDocument extends CounterPlace {
  readonly type: 'shard';
  /** 0 to 15. */
  readonly shard: number;
  readonly sequence: number;
  /** By the machine's clock, unix ms. */
  readonly sent: number;
  readonly files: readonly FilePlace[];
  readonly rows: readonly CounterRow[];
  /** Decisions on hosts that had no room, by verdict. */
  readonly folded: readonly CounterRow[];
}

/** One file of a machine's ledger. */
export interface LedgerFile extends FilePlace {
  /** Its path on the machine. */
  readonly name: string;
  readonly size: number;
  readonly lines: number;
}

/** The counts of the lines that a machine read, whatever it ruled on. */
export interface LedgerCounts {
  readonly lines: number;
  readonly unreadable: number;
  readonly unrecognised: number;
  /** Records that rule on nothing. */
  readonly info: number;
  /** Files that vanished with lines which perhaps were not counted. */
  readonly lostFiles: number;
  /** Bytes that were seen on disk and vanished uncounted. */
  readonly lostBytes: number;
  /** Decisions on hosts that had no room for a row. */
  readonly folded: number;
}

/** The size of a shard when the ledger was written. */
export interface ShardMark {
  readonly sequence: number;
  readonly decisions: number;
}

/** The newest account of a machine's epoch: what was read, and what each shard must hold. It is sent when nothing came, too. */
export interface LedgerDocument extends CounterPlace, LedgerCounts {
  readonly type: 'ledger';
  readonly sequence: number;
  readonly sent: number;
  /** Names one run of one shipper: two that write the same epoch are told apart by it. */
  readonly run: string;
  /** The shipper sends so often, in ms. */
  readonly everyMs: number;
  /** The epoch that this one goes on from, and the sequence of the ledger it took over; null for the first of a machine. */
  readonly after: { readonly epoch: string; readonly sequence: number } | null;
  readonly files: readonly LedgerFile[];
  readonly shards: readonly ShardMark[];
  /** The shipper's word on the policy file, as `pending` or `confirmed`; null where it holds none. */
  readonly policy: string | null;
}

/** All epochs of a machine, oldest first: a reader knows by it which counters it has not heard. */
export interface EpochsDocument {
  readonly type: 'epochs';
  readonly tenant: string;
  readonly machine: string;
  readonly epochs: readonly string[];
}

/** The document behind one subject of the counters. */
export type CounterDocument = ShardDocument | LedgerDocument | EpochsDocument;

/** The shard of a host: FNV-1a over its UTF-16 units. */
export function shardOf(host: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < host.length; i += 1) hash = Math.imul(hash ^ host.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 16)) & (SHARDS - 1);
}

/** Where a machine's row stands in its own shard: equal keys are one row. */
export const rowKey = ({ host, tool, agent, verdict }: CounterRow): string =>
  `${measured(host)}${measured(tool)}${measured(agent)}${verdict}`;

/** A name behind its length: two names after one another read as no other two. */
const measured = (name: string | null): string => (name === null ? '-' : `${name.length}:${name}`);
