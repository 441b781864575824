import { Counts } from '../../traffic/counts.ts';
import type { LedgerCounts, LedgerDocument } from './counter-document.ts';
import type { EpochRecord, MachineRecord } from './machine-record.ts';

/** The missing counts of a machine, by the machine's own documents. */
export interface Shortfall {
  /** Decisions that a ledger claims and no received shard holds. */
  readonly decisions: number;
  /** Epochs without a received ledger. Their counts are unknown. */
  readonly unheardEpochs: number;
}

/** The state of one machine. */
export interface MachineState extends LedgerCounts {
  readonly name: string;
  /** Unix ms at which the server stored its newest document. */
  readonly heard: number;
  /** How often the machine sends, in ms; null before its first ledger. */
  readonly everyMs: number | null;
  readonly counts: Counts;
  /** Bytes of its files that were not counted yet at its newest ledger. */
  readonly behindBytes: number;
  readonly files: LedgerDocument['files'];
  readonly epochs: number;
  readonly shortfall: Shortfall;
  /** The server's clock minus the machine's, in ms; null before the first ledger. */
  readonly skewMs: number | null;
  /** Why two shippers seem to use the machine's name; null without such a sign. */
  readonly doubt: string | null;
  readonly policy: string | null;
}

/** Computes the state of a machine from its record. */
export function stateOf(record: MachineRecord): MachineState {
  const epochs = [...record.epochs.values()];
  const newest = newestLedger(epochs);
  return {
    name: record.name,
    heard: record.heard,
    everyMs: newest?.everyMs ?? null,
    counts: copyOf(record.counts),
    behindBytes: (newest?.files ?? []).reduce((sum, { size, offset }) => sum + Math.max(0, size - offset), 0),
    files: newest?.files ?? [],
    epochs: epochs.length,
    shortfall: shortfallOf(record),
    skewMs: record.skewMs,
    doubt: record.doubt ?? doubtOf(epochs),
    policy: newest?.policy ?? null,
    ...ledgerSum(epochs),
  };
}

function copyOf(counts: Counts): Counts {
  const copy = new Counts();
  copy.merge(counts);
  return copy;
}

function newestLedger(epochs: readonly EpochRecord[]): LedgerDocument | null {
  let newest: LedgerDocument | null = null;
  for (const { ledger } of epochs) if (ledger && ledger.sent >= (newest?.sent ?? -Infinity)) newest = ledger;
  return newest;
}

function shortfallOf({ epochs, listed }: MachineRecord): Shortfall {
  let decisions = 0;
  for (const { ledger, shards } of epochs.values())
    for (const [number, { sequence, decisions: marked }] of (ledger?.shards ?? []).entries()) {
      const shard = shards[number] ?? null;
      if (sequence > (shard?.sequence ?? 0)) decisions += Math.max(0, marked - (shard?.decisions ?? 0));
    }
  const unheard = new Set(listed.filter(name => !epochs.get(name)?.ledger));
  for (const [name, { ledger }] of epochs) if (!ledger) unheard.add(name);
  return { decisions, unheardEpochs: unheard.size };
}

/** Why two shippers seem to run. An epoch must not grow after another one continued it, and only one epoch may have no successor. */
function doubtOf(epochs: readonly EpochRecord[]): string | null {
  const ledgers = epochs.flatMap(({ ledger }) => ledger ?? []);
  const taken = new Map(ledgers.flatMap(({ after }) => (after ? [[after.epoch, after.sequence]] : [])));
  for (const { epoch, sequence } of ledgers)
    if (sequence > (taken.get(epoch) ?? Infinity)) return 'an epoch grew after another shipper took it over';
  return ledgers.filter(({ epoch }) => !taken.has(epoch)).length > 1
    ? 'two epochs began independently'
    : null;
}

function ledgerSum(epochs: readonly EpochRecord[]): LedgerCounts {
  const sum = { lines: 0, unreadable: 0, unrecognised: 0, info: 0, lostFiles: 0, lostBytes: 0, folded: 0 };
  for (const { ledger } of epochs) {
    if (!ledger) continue;
    for (const field of Object.keys(sum) as (keyof LedgerCounts)[]) sum[field] += ledger[field];
  }
  return sum;
}
