import { Counts } from '../../traffic/counts.ts';
import {
  EPOCHS_A_MACHINE,
  SHARDS,
  type CounterDocument,
  type LedgerDocument,
  type ShardDocument,
} from './counter-document.ts';
import type { HeldShard, ShardGrowth, ShardRows } from './shard-rows.ts';

/** Runs of a shipper that are remembered for each epoch. */
const RUNS = 16;

/** The documents heard of one epoch of a machine. */
export interface EpochRecord {
  readonly shards: (HeldShard | null)[];
  ledger: LedgerDocument | null;
  /** Runs in the order in which they were heard. */
  readonly runs: string[];
}

/** A document as it was received, and when the server stored it (unix ms). */
export interface Received<T> {
  readonly document: T;
  readonly stored: number;
}

/** The fate of a document: it replaced an older one, it is older itself, or it has no place. */
export type Taken =
  | { readonly type: 'newer'; readonly growth: ShardGrowth | null }
  | { readonly type: 'older' }
  | { readonly type: 'refused'; readonly why: string };

/** All that was heard of one machine. */
export class MachineRecord {
  readonly name: string;
  readonly epochs = new Map<string, EpochRecord>();
  /** Epochs that the machine says it had. */
  listed: readonly string[] = [];
  /** When the server stored the newest document, unix ms. */
  heard = Number.NEGATIVE_INFINITY;
  /** Server's time less the machine's, in ms, at the newest ledger; null before one was heard. */
  skewMs: number | null = null;
  /** Why two shippers seem to use this name; null while none do. */
  doubt: string | null = null;
  /** All decisions of its shards. */
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
    this.#hearRun(epoch, document); // an old ledger that comes again is no sign of life
    epoch.ledger = document;
    return { type: 'newer', growth: null };
  }

  /** A run that speaks again after another one spoke was not replaced by it. */
  #hearRun({ runs }: EpochRecord, { run, sequence }: LedgerDocument): void {
    if (runs.at(-1) === run) return;
    if (runs.includes(run))
      this.doubt ??= `two shippers went on with one state, last at sequence ${sequence}`;
    else runs.push(run);
    if (runs.length > RUNS) runs.shift();
  }
}
