import { setTimeout as pause } from 'node:timers/promises';
import { connectNats, type NatsLink } from '../../../src/sources/nats/connect.ts';
import { CounterStream } from '../../../src/sources/nats/counter-stream.ts';
import { RecordLog } from '../../../src/sources/nats/records/record-log.ts';
import type { CounterDocument } from '../../../src/core/fleet/counters/counter-document.ts';
import { SimulatedMachine, TENANT, type Sums } from './simulated-machine.ts';

/** Machines share so many connections. */
const CONNECTIONS = 8;
/** So many machines of a connection wait for an answer of the server at a time. */
const LANES = 24;

/** A machine, the connection that it shares, and the server's numbers of its newest messages. */
interface Shipping {
  readonly machine: SimulatedMachine;
  readonly counters: CounterStream;
  readonly log: RecordLog;
  ledgerAt: number;
  batchAt: number;
}

/** The pace of rounds: in each, every machine publishes once. */
export interface Pace {
  readonly rounds: number;
  /** A round takes so long on the clock; 0: as fast as it goes. */
  readonly roundMs: number;
  /** A machine lives so many seconds in a round. */
  readonly secondsLived: number;
  /** The seconds whose denials make a batch of records; 0 for none. */
  readonly secondsABatch: number;
}

/** How much was published. */
export interface Published {
  readonly documents: number;
  readonly batches: number;
  readonly tookMs: number;
  /** The longest delay of a machine behind its turn. */
  readonly lateMs: number;
}

/** Machines that are made up, on a few connections. Each waits for the server's word before it sends its next document, as `ship` does. */
export class Simulation {
  readonly #links: readonly NatsLink[];
  readonly #shipping: readonly Shipping[];
  #now = Date.now();

  private constructor(links: readonly NatsLink[], machines: number) {
    this.#links = links;
    this.#shipping = Array.from({ length: machines }, (_, number) => {
      const machine = new SimulatedMachine(number);
      const link = links[number % links.length];
      if (!link) throw new Error('there is a connection for each machine');
      return {
        machine,
        counters: new CounterStream(link),
        log: new RecordLog(link.connection, { tenant: TENANT, machine: machine.name }),
        ledgerAt: 0,
        batchAt: 0,
      };
    });
  }

  static async start(port: number, machines: number): Promise<Simulation> {
    const links = await Promise.all(
      Array.from({ length: CONNECTIONS }, () =>
        connectNats(
          { scheme: 'nats', host: '127.0.0.1', port, place: { type: 'fleet', tenant: TENANT } },
          { credentials: { user: { type: 'none' }, tls: null }, name: 'bench', isPatient: false },
        ),
      ),
    );
    return new Simulation(links, machines);
  }

  async end(): Promise<void> {
    await Promise.all(this.#links.map(link => link.close()));
  }

  /** Publishes round after round at the pace, the machines one after another within each. */
  async publish({ rounds, roundMs, secondsLived, secondsABatch }: Pace): Promise<Published> {
    const startedAt = performance.now();
    const [machines, { length }] = [this.#shipping, this.#shipping];
    let [documents, batches, lateMs] = [0, 0, 0];
    // counters and batches have their own turns, so that neither waits for the other
    const counters = lanes(rounds * length, async turn => {
      const shipping = machines[turn % length];
      if (!shipping) return;
      const dueMs = (turn / length) * roundMs;
      await until(startedAt + dueMs);
      const shipped = await this.#ship(shipping, { secondsLived, roundMs });
      documents += shipped;
      if (roundMs > 0) lateMs = Math.max(lateMs, performance.now() - startedAt - dueMs);
    });
    const batchMs = secondsABatch * 1_000;
    const turns = secondsABatch === 0 ? 0 : Math.floor((rounds * roundMs * length) / batchMs);
    const records = lanes(turns, async turn => {
      const shipping = machines[turn % length];
      if (!shipping) return;
      const dueMs = (turn / length) * batchMs;
      await until(startedAt + dueMs);
      const batch = shipping.machine.batch(secondsABatch, Date.now());
      const stored = await shipping.log.publish(batch, shipping.batchAt);
      if (stored.type === 'outrun') throw new Error('somebody else ships as this machine');
      shipping.batchAt = stored.sequence;
      batches += 1;
      lateMs = Math.max(lateMs, performance.now() - startedAt - dueMs);
    });
    await Promise.all([counters, records]);
    return { documents, batches, tookMs: performance.now() - startedAt, lateMs };
  }

  async #ship(
    shipping: Shipping,
    { secondsLived, roundMs }: Pick<Pace, 'secondsLived' | 'roundMs'>,
  ): Promise<number> {
    const { machine, counters } = shipping;
    this.#now = Math.max(this.#now + 1, Date.now());
    machine.live(secondsLived, this.#now);
    const { documents, ledger } = machine.turn(Math.max(roundMs, 60_000), Date.now());
    for (const document of documents) await store(counters, document);
    shipping.ledgerAt = await store(counters, ledger, shipping.ledgerAt);
    return documents.length + 1;
  }

  /** The decisions of all machines so far. */
  sums(): Sums {
    const sums: Sums = {};
    for (const { machine } of this.#shipping)
      for (const [verdict, count] of Object.entries(machine.sums) as [keyof Sums, number][])
        sums[verdict] = (sums[verdict] ?? 0) + count;
    return sums;
  }
}

async function store(counters: CounterStream, document: CounterDocument, expected?: number): Promise<number> {
  const stored = await counters.publish(document, expected);
  if (stored.type === 'stored') return stored.sequence;
  throw new Error(
    `the server did not store a document: ${stored.type === 'failed' ? stored.why : stored.type}`,
  );
}

/** Takes the turns in their order, so many at a time as there are lanes. */
async function lanes(turns: number, take: (turn: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < turns) {
      const turn = next;
      next += 1;
      await take(turn);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS * LANES }, lane));
}

async function until(moment: number): Promise<void> {
  const left = moment - performance.now();
  if (left > 1) await pause(left);
}
