import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { errorCode } from '../../../core/file-error.ts';
import {
  EPOCHS_A_MACHINE,
  type EpochsDocument,
  type LedgerDocument,
} from '../../../core/fleet/counters/counter-document.ts';
import { subjectOf } from '../../../core/fleet/counters/counter-subject.ts';
import { MachineCounters } from '../../../core/fleet/counters/machine-counters.ts';
import type { EgressEvent } from '../../../core/event.ts';
import { Failure } from '../../../core/failure.ts';
import type { Problem } from '../../../core/problem.ts';
import { CountedFiles } from '../../../reading/resumed/counted-files.ts';
import type { FilePrint } from '../../../reading/resumed/file-content.ts';
import type { CounterStream, Publishing } from '../../../sources/nats/counter-stream.ts';
import type { SourceSpec } from '../../../sources/source.ts';
import type { System } from '../../../systems/system.ts';
import { readShipState, writeShipState, type ShipState } from './ship-state.ts';
import { readHoldings, type ServerHoldings } from './take-over.ts';

/** Runs of one state that are remembered. */
const RUNS = 16;

/** The logs that are shipped, and the name under which they are. */
export interface Shipment {
  readonly tenant: string;
  readonly machine: string;
  readonly specs: readonly SourceSpec[];
  readonly systems: readonly System[];
  readonly everyMs: number;
  readonly statePath: string;
  readonly problem: (problem: Problem) => void;
  readonly now: () => number;
  /** The word for how the policy file stands; null where none is held. */
  readonly policy: () => string | null;
  /** Hears each event that is counted. */
  readonly heard?: (event: EgressEvent) => void;
}

/** How a try to publish ended. */
export type Delivery = { readonly type: 'delivered' } | { readonly type: 'waiting'; readonly why: string };

/**
 * Counts what is new in the logs, commits the counts and the places in one file, and publishes what the commit changed. Whatever ends
 * it, the next run goes on from the last commit.
 */
export class Shipper {
  readonly #shipment: Shipment;
  readonly #run: string = randomUUID();
  readonly #files: CountedFiles;
  #counters: MachineCounters | null;
  #epochs: readonly string[];
  readonly #runs: readonly string[];
  /** These, and the one that made room for ours: the state as this run found it may still name it. */
  readonly #knownRuns: ReadonlySet<string>;
  /** The state as this run found it: its sequence, and how far it had counted. */
  readonly #found: { readonly sequence: number; readonly prints: readonly FilePrint[] };
  /** Shards up to this sequence are with the server, as far as this connection knows. */
  #published = -1;
  /** The stream's number of our last ledger; null until it was read back on this connection. */
  #ledgerAt: number | null = null;

  private constructor(shipment: Shipment, state: ShipState | null) {
    this.#shipment = shipment;
    this.#counters = state && MachineCounters.of(state.ledger, state.shards);
    this.#epochs = state?.epochs ?? [];
    this.#runs = [...(state?.runs ?? []), this.#run].slice(-RUNS);
    this.#knownRuns = new Set([...(state?.runs ?? []), this.#run]);
    this.#found = {
      sequence: state?.ledger.sequence ?? 0,
      prints: (state?.files ?? []).map(({ print }) => print),
    };
    const { specs, systems, problem, heard } = shipment;
    this.#files = new CountedFiles(specs, systems, { known: state?.files ?? [], problem, heard });
  }

  /** Goes on from the state on disk. Fails while another process writes it. */
  static async start(shipment: Shipment): Promise<Shipper> {
    const state = await readShipState(shipment.statePath);
    if (state?.pid && state.pid !== process.pid && (await isShipping(state.pid)))
      throw new Failure(`process ${state.pid} ships as ${shipment.machine} already`, 1, {
        remedy: 'end it, or name this machine otherwise with --machine',
      });
    const shipper = new Shipper(shipment, state);
    if (shipper.#counters) await shipper.#save();
    return shipper;
  }

  /** Whether it has counters to go on with. Without them it must first hear what the server holds. */
  get hasCounters(): boolean {
    return this.#counters !== null;
  }

  /** The account of this machine as it would be published now; null until it has counters. */
  account(): LedgerDocument | null {
    return this.#counters?.ledger(this.#notes(), this.#shipment.now()) ?? null;
  }

  /** Counts what is new, and commits it. */
  async count(): Promise<void> {
    const counters = this.#counters;
    if (!counters) return;
    const isNews = await this.#files.round(counters);
    if (!isNews && counters.sequence > 0) return;
    counters.commit(this.#files.ledger());
    await this.#save();
  }

  async #save(pid: number | null = process.pid): Promise<void> {
    const counters = this.#counters;
    if (!counters) return;
    const { statePath, now } = this.#shipment;
    const held = (await readShipState(statePath))?.runs ?? [];
    if (held.some(run => !this.#knownRuns.has(run)))
      throw new Failure(`another process ships as ${this.#shipment.machine} now`, 1, {
        remedy: 'run one shipper for each machine',
      });
    await writeShipState(statePath, {
      runs: this.#runs,
      pid,
      files: this.#files.known,
      epochs: this.#epochs,
      ledger: counters.ledger(this.#notes(), now()),
      shards: counters.shardsSince(0, now()),
    });
  }

  #notes(): Parameters<MachineCounters['ledger']>[0] {
    const { everyMs, policy } = this.#shipment;
    return { run: this.#run, everyMs, policy: policy() };
  }

  /** The connection was lost: what the server holds is not known any more. */
  forgetServer(): void {
    [this.#published, this.#ledgerAt] = [-1, null];
  }

  /** Publishes what the server does not hold yet, the ledger last. */
  async publish(stream: CounterStream): Promise<Delivery> {
    if (this.#ledgerAt === null) {
      const trouble = await this.#meet(stream);
      if (trouble !== null) return { type: 'waiting', why: trouble };
    }
    const counters = this.#counters;
    if (!counters || this.#ledgerAt === null) return { type: 'waiting', why: 'nothing was counted yet' };
    const [sequence, sent] = [counters.sequence, this.#shipment.now()];
    if (this.#published < 0) {
      const failed = whyNot(await stream.publish(this.#epochsDocument()));
      if (failed !== null) return { type: 'waiting', why: failed };
    }
    for (const shard of counters.shardsSince(Math.max(0, this.#published), sent)) {
      const failed = whyNot(await stream.publish(shard));
      if (failed !== null) return { type: 'waiting', why: failed };
    }
    const ledger = await stream.publish(counters.ledger(this.#notes(), sent), this.#ledgerAt);
    if (ledger.type === 'conflict') {
      this.forgetServer(); // who wrote it is read back at the next try
      return { type: 'waiting', why: 'the server holds another ledger' };
    }
    if (ledger.type !== 'stored') return { type: 'waiting', why: whyNot(ledger) ?? '' };
    [this.#published, this.#ledgerAt] = [sequence, ledger.sequence];
    return { type: 'delivered' };
  }

  #epochsDocument(): EpochsDocument {
    const { tenant, machine } = this.#shipment;
    return { type: 'epochs', tenant, machine, epochs: this.#epochs };
  }

  /** Compares our state with what the server holds; null when it may be published on. */
  async #meet(stream: CounterStream, wasMade = false): Promise<string | null> {
    const read = await readHoldings(stream, this.#shipment);
    if (read.type === 'failed') return read.why;
    if (read.type === 'no-stream') {
      const why = wasMade ? 'the server does not answer' : await stream.make();
      return why === null
        ? this.#meet(stream, true)
        : `there is no stream for counters, and none can be made: ${why}`;
    }
    const { holdings } = read;
    await this.#reconcile(holdings);
    const ledger = await stream.last(subjectOf(this.#ledgerNow()));
    if (ledger.type === 'failed') return ledger.why;
    this.#ledgerAt = ledger.type === 'found' ? ledger.sequence : 0;
    return null;
  }

  #ledgerNow(): ReturnType<MachineCounters['ledger']> {
    if (!this.#counters) throw new Error('counters are there once the server was met');
    return this.#counters.ledger(this.#notes(), 0);
  }

  async #reconcile({ epochs, ledger, places }: ServerHoldings): Promise<void> {
    const own = this.#counters?.place.epoch ?? null;
    const stored = ledger?.document ?? null;
    // somebody went on with a copy of our state, or our state is itself an old copy
    const isOld =
      stored !== null &&
      stored.epoch === own &&
      stored.run !== this.#run &&
      stored.sequence > this.#found.sequence;
    if (own !== null && !isOld) {
      // another machine, or an older state, may have begun an epoch meanwhile: none of them is dropped
      this.#epochs = [...new Set([...epochs.filter(epoch => epoch !== own), ...this.#epochs])].slice(
        -EPOCHS_A_MACHINE,
      );
      return;
    }
    await this.#beginEpoch({ epochs, ledger, places });
  }

  async #beginEpoch({ epochs, ledger, places }: ServerHoldings): Promise<void> {
    const { tenant, machine } = this.#shipment;
    const epoch = randomUUID();
    const newest = epochs.at(-1);
    const after = newest === undefined ? null : { epoch: newest, sequence: ledger?.document.sequence ?? 0 };
    this.#counters = new MachineCounters({ tenant, machine, epoch }, after);
    this.#epochs = [...epochs, epoch].slice(-EPOCHS_A_MACHINE);
    // what our state held when we found it is part of what the server holds
    this.#files.beginAfter(places.map(prints => [...prints, ...this.#found.prints]));
    this.#published = -1;
    await this.count();
  }

  /** Ends: the state says that nobody writes it any more. */
  async stop(): Promise<void> {
    await this.#save(null);
  }
}

function whyNot(publishing: Publishing): string | null {
  switch (publishing.type) {
    case 'stored':
      return null;
    case 'conflict':
      return 'the server holds another ledger';
    case 'no-stream':
      return 'there is no stream for counters';
    case 'failed':
      return publishing.why;
  }
}

/** Whether the process lives and is a shipper: its number may have been given to another one. */
async function isShipping(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').includes('ship');
  } catch (error) {
    // without /proc, a living process counts as a shipper
    return errorCode(error) === 'EPERM' || (errorCode(error) === 'ENOENT' && !existsSync('/proc/self'));
  }
}
