import { MACHINES_A_TENANT, type CounterDocument, type CounterRow } from './counter-document.ts';
import { subjectOf } from './counter-subject.ts';
import { MachineRecord, type Received, type Taken } from './machine-record.ts';
import { stateOf, type MachineState } from './machine-state.ts';
import { ShardRows } from './shard-rows.ts';

/** Receives the increase of a machine's counts. */
export interface GrowthListener {
  readonly grown: (machine: string, rows: readonly CounterRow[]) => void;
  /** Receives decisions on hosts above the machine's limits. */
  readonly folded: (machine: string, rows: readonly CounterRow[]) => void;
}

const SILENT: GrowthListener = { grown: () => undefined, folded: () => undefined };

/** The tenant whose counters are merged, and the most machines that are accepted. */
interface FleetScope {
  readonly tenant: string;
  readonly machines?: number;
}

/**
 * The counters of all machines of a tenant. For each machine, epoch and shard the document with the highest sequence counts; a total is the
 * sum over those. Documents may come twice, in any order and with gaps.
 */
export class FleetCounters {
  readonly tenant: string;
  readonly #limit: number;
  readonly #listener: GrowthListener;
  readonly #machines = new Map<string, MachineRecord>();
  readonly #rows = new ShardRows();
  /** Cache of the machines' states. A new document of a machine removes its state. */
  readonly #states = new Map<string, MachineState>();
  /** The number of refused documents, by reason. */
  readonly refusals = new Map<string, number>();
  /** Grows with every document. */
  version = 0;

  constructor({ tenant, machines = MACHINES_A_TENANT }: FleetScope, listener: GrowthListener = SILENT) {
    [this.tenant, this.#limit, this.#listener] = [tenant, machines, listener];
  }

  /** Takes a document that came under a subject. Refuses one that belongs under another subject. */
  take(subject: string, received: Received<CounterDocument>): Taken['type'] {
    const { document } = received;
    if (document.tenant !== this.tenant) return this.refuse('is of another tenant');
    if (subjectOf(document) !== subject) return this.refuse('belongs under another subject');
    const record = this.#record(document.machine);
    if (!record) return this.refuse(`is of more than ${this.#limit} machines`);
    const taken = record.take(received);
    this.version += 1;
    this.#states.delete(record.name);
    if (taken.type === 'refused') return this.refuse(taken.why);
    if (taken.type === 'newer' && taken.growth !== null) {
      const { rows, folded, wentBack } = taken.growth;
      if (wentBack) record.doubt ??= 'counts decreased: two shippers share a state, or the shipper is faulty';
      this.#listener.grown(record.name, rows);
      this.#listener.folded(record.name, folded);
    }
    return taken.type;
  }

  /** Counts a document that was refused. */
  refuse(why: string): 'refused' {
    this.version += 1;
    this.refusals.set(why, (this.refusals.get(why) ?? 0) + 1);
    return 'refused';
  }

  #record(name: string): MachineRecord | null {
    const known = this.#machines.get(name);
    if (known) return known;
    if (this.#machines.size >= this.#limit) return null;
    const record = new MachineRecord(name, this.#rows);
    this.#machines.set(name, record);
    return record;
  }

  /** All counts of all machines, row by row. Folded rows have no host. */
  *rows(): Generator<{ readonly machine: string; readonly row: CounterRow }> {
    for (const { name: machine, epochs } of this.#machines.values())
      for (const { shards } of epochs.values())
        for (const shard of shards) if (shard) for (const row of this.#rows.of(shard)) yield { machine, row };
  }

  get size(): number {
    return this.#machines.size;
  }

  /** The machines from which a document came. */
  names(): ReadonlySet<string> {
    return new Set(this.#machines.keys());
  }

  /** The state of a machine; null for an unknown one. */
  machine(name: string): MachineState | null {
    const record = this.#machines.get(name);
    return record ? this.#stateOf(record) : null;
  }

  /** The states of all machines, in the order of their first document. */
  machines(): readonly MachineState[] {
    return [...this.eachMachine()];
  }

  /** The same one by one: what is heard meanwhile may be among it. */
  *eachMachine(): Generator<MachineState> {
    for (const record of this.#machines.values()) yield this.#stateOf(record);
  }

  /** The state from the cache, or made anew. */
  #stateOf(record: MachineRecord): MachineState {
    const known = this.#states.get(record.name);
    if (known) return known;
    const state = stateOf(record);
    this.#states.set(record.name, state);
    return state;
  }
}
