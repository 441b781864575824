import { Counts } from '../../traffic/counts.ts';
import {
  EPOCHS_A_MACHINE,
  SHARDS,
  type CounterDocument,
  type LedgerDocument,
  type ShardDocument,
} from './counter-document.ts';
import type { HeldShard, ShardGrowth, ShardRows } from './shard-rows.ts';

/** The number of shipper processes that are remembered for each epoch. */
const RUNS = 16;

/** The documents received for one epoch of a machine. */
export interface EpochRecord {
  readonly shards: (HeldShard | null)[];
  ledger: LedgerDocument | null;
  /** Identifiers of shipper processes, in the order of their first ledger. */
  readonly runs: string[];
}

/** A received document, and when the server stored it (unix ms). */
export interface Received<T> {
  readonly document: T;
  readonly stored: number;
}

/** The result of taking a document: it is newer than the one before, it is older, or it is refused. */
export type Taken =
  | { readonly type: 'newer'; readonly growth: ShardGrowth | null }
  | { readonly type: 'older' }
  | { readonly type: 'refused'; readonly why: string };

/** All documents received from one machine. */
export class MachineRecord {
  readonly name: string;
  readonly epochs = new Map<string, EpochRecord>();
  /** The epochs in the machine's own list. */
  listed: readonly string[] = [];
  /** Unix ms at which the server stored the newest document. */
  heard = Number.NEGATIVE_INFINITY;
  /** The server's clock minus the machine's, in ms, at the newest ledger; null before the first ledger. */
  skewMs: number | null = null;
  /** Why two shippers seem to use this machine's name; null without such a sign. */
  doubt: string | null = null;
  /** All decisions of the machine's shards. */
  readonly counts = new Counts();
  readonly #rows: ShardRows;

  constructor(name: string, rows: ShardRows) {
    [this.name, this.#rows] = [name, rows];
  }

  take({ document, stored }: Received<CounterDocument>): Taken {
    if (document.type === 'epochs') {
      const isNews = document.epochs.length >= this.listed.length;
      if (isNews) this.listed = document.epochs;
      return isNews ? { type: 'newer', growth: null } : { type: 'older' };
    }
    const epoch = this.#epoch(document.epoch);
    if (!epoch) return { type: 'refused', why: `is of more than ${EPOCHS_A_MACHINE} epochs of a machine` };
    return document.type === 'shard'
      ? this.#takeShard(epoch, { document, stored })
      : this.#takeLedger(epoch, { document, stored });
  }

  #epoch(name: string): EpochRecord | null {
    const known = this.epochs.get(name);
    if (known) return known;
    if (this.epochs.size >= EPOCHS_A_MACHINE) return null;
    const epoch: EpochRecord = {
      shards: Array.from({ length: SHARDS }, () => null),
      ledger: null,
      runs: [],
    };
    this.epochs.set(name, epoch);
    return epoch;
  }

  #takeShard({ shards }: EpochRecord, { document, stored }: Received<ShardDocument>): Taken {
    this.heard = Math.max(this.heard, stored);
    const before = shards[document.shard] ?? null;
    if (before && before.sequence >= document.sequence) return { type: 'older' };
    const growth = this.#rows.replace(before, document);
    shards[document.shard] = growth.held;
    this.counts.merge(growth.decided);
    return { type: 'newer', growth };
  }

  #takeLedger(epoch: EpochRecord, { document, stored }: Received<LedgerDocument>): Taken {
    const { ledger } = epoch;
    if (stored >= this.heard) this.skewMs = stored - document.sent;
    this.heard = Math.max(this.heard, stored);
    const isOlder =
      ledger !== null &&
      (ledger.sequence > document.sequence ||
        (ledger.sequence === document.sequence && ledger.sent >= document.sent));
    if (isOlder) return { type: 'older' };
    this.#hearRun(epoch, document); // only a newer ledger proves that its process is alive
    epoch.ledger = document;
    return { type: 'newer', growth: null };
  }

  /** A shipper that sends again after another one sent was not replaced by it: two are running. */
  #hearRun({ runs }: EpochRecord, { run, sequence }: LedgerDocument): void {
    if (runs.at(-1) === run) return;
    if (runs.includes(run))
      this.doubt ??= `two shippers continued the same state, last at sequence ${sequence}`;
    else runs.push(run);
    if (runs.length > RUNS) runs.shift();
  }
}
