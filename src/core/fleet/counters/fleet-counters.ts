import { MACHINES_A_TENANT, type CounterDocument, type CounterRow } from './counter-document.ts';
import { subjectOf } from './counter-subject.ts';
import { MachineRecord, type Received, type Taken } from './machine-record.ts';
import { stateOf, type MachineState } from './machine-state.ts';
import { ShardRows } from './shard-rows.ts';

/** Hears what a machine counted more than was known. */
export interface GrowthListener {
  readonly grown: (machine: string, rows: readonly CounterRow[]) => void;
  /** Decisions on hosts that had no room on the machine. */
  readonly folded: (machine: string, rows: readonly CounterRow[]) => void;
}

const SILENT: GrowthListener = { grown: () => undefined, folded: () => undefined };

/** Which tenant's counters are merged, and how many machines there may be. */
interface FleetScope {
  readonly tenant: string;
  readonly machines?: number;
}

/**
 * The counters of all machines of a tenant. The document with the highest sequence counts for each machine, epoch and shard. A total is the
 * sum of those documents. Documents may come twice, in any order and with gaps.
 */
export class FleetCounters {
  readonly tenant: string;
  readonly #limit: number;
  readonly #listener: GrowthListener;
  readonly #machines = new Map<string, MachineRecord>();
  readonly #rows = new ShardRows();
  /** How machines stand, as far as nothing was heard of them since. */
  readonly #states = new Map<string, MachineState>();
  /** Documents that were refused, by reason. */
  readonly refusals = new Map<string, number>();
  /** Grows with every document that brought news. */
  version = 0;

  constructor({ tenant, machines = MACHINES_A_TENANT }: FleetScope, listener: GrowthListener = SILENT) {
    [this.tenant, this.#limit, this.#listener] = [tenant, machines, listener];
  }

  /** Takes a document that was received under a subject. One whose subject is another machine's is refused. */
  take(subject: string, received: Received<CounterDocument>): Taken['type'] {
    const { document } = received;
    if (document.tenant !== this.tenant) return this.refuse('is of another tenant');
    if (subjectOf(document) !== subject) return this.refuse('speaks for another subject than its own');
    const record = this.#record(document.machine);
    if (!record) return this.refuse(`is of more than ${this.#limit} machines`);
    const taken = record.take(received);
    this.version += 1;
    this.#states.delete(record.name);
    if (taken.type === 'refused') return this.refuse(taken.why);
    if (taken.type === 'newer' && taken.growth !== null) {
      const { rows, folded, wentBack } = taken.growth;
      if (wentBack) record.doubt ??= 'counts went back: two shippers share a state, or it lies';
      this.#listener.grown(record.name, rows);
      this.#listener.folded(record.name, folded);
    }
    return taken.type;
  }

  /** Counts a document that could not be taken. */
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

  /** All that the machines counted, row by row; rows of decisions without room have no host. */
  *rows(): Generator<{ readonly machine: string; readonly row: CounterRow }> {
    for (const { name: machine, epochs } of this.#machines.values())
      for (const { shards } of epochs.values())
        for (const shard of shards) if (shard) for (const row of this.#rows.of(shard)) yield { machine, row };
  }

  get size(): number {
    return this.#machines.size;
  }

  /** The machines that were heard. */
  names(): ReadonlySet<string> {
    return new Set(this.#machines.keys());
  }

  /** How a machine stands; null where nothing was heard of it. */
  machine(name: string): MachineState | null {
    const record = this.#machines.get(name);
    return record ? this.#stateOf(record) : null;
  }

  /** How every machine stands, in the order in which they were heard. */
  machines(): readonly MachineState[] {
    return [...this.eachMachine()];
  }

  /** The same one by one: what is heard meanwhile may be among it. */
  *eachMachine(): Generator<MachineState> {
    for (const record of this.#machines.values()) yield this.#stateOf(record);
  }

  /** A machine is read out once for all that was heard of it. */
  #stateOf(record: MachineRecord): MachineState {
    const known = this.#states.get(record.name);
    if (known) return known;
    const state = stateOf(record);
    this.#states.set(record.name, state);
    return state;
  }
}
