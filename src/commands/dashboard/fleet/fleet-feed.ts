import type { Store } from '../../../app/store.ts';
import type { CounterRow } from '../../../core/fleet/counters/counter-document.ts';
import type { PartialLog } from '../../../core/completeness.ts';
import { countInto } from '../../../core/fleet/counters/count-into.ts';
import { fleetCompleteness } from '../../../core/fleet/counters/fleet-completeness.ts';
import { FleetCounters, type GrowthListener } from '../../../core/fleet/counters/fleet-counters.ts';
import type { MachineState } from '../../../core/fleet/counters/machine-state.ts';
import { plural } from '../../../core/grouped.ts';
import type { SourceStatus } from '../../../core/source-status.ts';
import { NO_RECORDS } from '../../../app/state/fleet-view.ts';
import { connectNats, type LinkState, type NatsLink } from '../../../sources/nats/connect.ts';
import { environmentCredentials } from '../../../sources/nats/credential-files.ts';
import { followCounters } from '../../../sources/nats/follow-counters.ts';
import { LoopSlice } from '../../../sources/nats/loop-slice.ts';
import { fleetTenant, shownAddress, type NatsAddress } from '../../../sources/nats/nats-address.ts';
import { followRecords } from './fleet-records.ts';
import { versionWarning } from '../../../sources/nats/server-version.ts';
import type { System, Places } from '../../../systems/system.ts';

/** The machines are read out this often at most: each costs a look at all its rows. */
const READ_OUT_MS = 500;

/** The needs of a feed of counters besides the store. */
export interface FleetFeedOptions {
  readonly env: Places['env'];
  /** The systems whose records machines may ship. */
  readonly systems: readonly System[];
  /** Takes the counters, which grow. */
  readonly onCounters?: (counters: FleetCounters) => void;
  readonly partial: (log: PartialLog) => void;
  readonly now: () => number;
}

/** Keeps the store told of a fleet: the sums of all machines as traffic, and how each machine stands. Returns its stop. */
export function followFleet(
  address: NatsAddress,
  store: Store,
  options: FleetFeedOptions,
): () => Promise<void> {
  const feed = new FleetFeed(address, store, options);
  return () => feed.stop();
}

class FleetFeed {
  readonly #address: NatsAddress;
  readonly #name: string;
  readonly #store: Store;
  readonly #options: FleetFeedOptions;
  readonly #counters: FleetCounters;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  #link: NatsLink | null = null;
  #awaySince: number | null = null;
  #trouble: string | null = null;
  #records = NO_RECORDS;
  /** The machines that were known once all that stood on the server had come; null before. */
  #known: ReadonlySet<string> | null = null;
  #told = { info: 0, unreadable: 0 };
  #readOut: NodeJS.Timeout | null = null;
  #readOutMs = READ_OUT_MS;
  #isLooking = false;

  constructor(address: NatsAddress, store: Store, options: FleetFeedOptions) {
    [this.#address, this.#store, this.#options] = [address, store, options];
    this.#name = shownAddress(address);
    this.#counters = new FleetCounters({ tenant: fleetTenant(address) }, this.#counting());
    options.onCounters?.(this.#counters);
    this.#status('reading', null);
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    if (this.#readOut) clearTimeout(this.#readOut);
    await this.#running;
    await this.#link?.close();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    try {
      this.#link = await connectNats(this.#address, {
        credentials: await environmentCredentials(this.#options.env),
        name: 'egresstop',
        isPatient: true,
        signal,
        onState: state => this.#heed(state),
      });
    } catch (error) {
      if (signal.aborted) return;
      this.#status('failed', error instanceof Error ? error.message : String(error));
      return;
    }
    const link = this.#link;
    await Promise.all([this.#followCounters(link), this.#followRecords(link)]);
  }

  #followRecords(link: NatsLink): Promise<void> {
    return followRecords(link, {
      name: this.#name,
      tenant: fleetTenant(this.#address),
      systems: this.#options.systems,
      counting: this.#store.counting,
      signal: this.#stopping.signal,
      tell: records => {
        this.#records = records;
        this.#readOutSoon();
      },
    });
  }

  #followCounters(link: NatsLink): Promise<void> {
    const { signal } = this.#stopping;
    return followCounters(link, {
      counters: this.#counters,
      signal,
      news: {
        taken: pending => {
          this.#trouble = pending === null ? 'no machine has shipped to this server' : null;
          if (pending === 0 || pending === null) this.#known ??= this.#counters.names();
          if (pending === 0 || pending === null) this.#status('live', versionWarning(link.version()));
          this.#readOutSoon();
        },
        trouble: (why, remedy) => {
          this.#trouble = `${why}: ${remedy}`;
          this.#status('failed', this.#trouble);
          this.#readOutSoon();
        },
      },
    });
  }

  /** Counts growth. A denial of a known machine is news; a machine that is new may ship what happened long ago. */
  #counting(): GrowthListener {
    const counting = countInto(work => this.#store.counting.addOlder(work));
    const openedAt = this.#options.now();
    const isNews = (machine: string, { last }: CounterRow): boolean =>
      this.#known !== null && (this.#known.has(machine) || (last ?? 0) >= openedAt);
    return {
      folded: counting.folded,
      grown: (machine, rows) =>
        this.#store.addSums(
          rows.filter(row => row.verdict === 'deny' && isNews(machine, row)),
          () => counting.grown(machine, rows),
        ),
    };
  }

  #heed(state: LinkState): void {
    if (state.type === 'refused') return;
    const wasAway = this.#awaySince !== null;
    if (state.type === 'away') {
      this.#awaySince ??= this.#options.now();
      this.#status(this.#counters.size > 0 ? 'gone' : 'waiting', `${state.why}; connecting again`);
    } else this.#awaySince = null;
    if (wasAway !== (this.#awaySince !== null)) this.#readOutSoon();
  }

  #lastStatus = '';

  #status(state: SourceStatus['state'], why: string | null): void {
    const text = `${state} ${why}`;
    if (text === this.#lastStatus) return;
    this.#lastStatus = text;
    this.#store.dispatch({
      type: 'source-changed',
      source: { source: this.#name, state, why, readBytes: 0, totalBytes: 0 },
    });
  }

  #readOutSoon(): void {
    if (this.#stopping.signal.aborted) return;
    this.#readOut ??= setTimeout(() => {
      this.#readOut = null; // news that come from now on are for the next look
      if (this.#isLooking) this.#readOutSoon();
      else void this.#tellMachines();
    }, this.#readOutMs);
  }

  /** Looks at ten thousand machines in slices: a key waits for one of them, and not for all. */
  async #tellMachines(): Promise<void> {
    const machines: MachineState[] = [];
    let [info, unreadable, spentMs, startedAt] = [0, 0, 0, performance.now()];
    const slice = new LoopSlice();
    this.#isLooking = true;
    for (const machine of this.#counters.eachMachine()) {
      machines.push(machine);
      info += machine.info;
      unreadable += machine.unreadable;
      if (!slice.isOver) continue;
      spentMs += performance.now() - startedAt;
      await slice.giveWay();
      startedAt = performance.now();
    }
    this.#isLooking = false;
    if (this.#stopping.signal.aborted) return;
    const before = this.#told;
    this.#told = { info, unreadable };
    if (info !== before.info || unreadable !== before.unreadable)
      this.#store.counting.addOlder(traffic => {
        traffic.info += info - before.info;
        traffic.malformed += unreadable - before.unreadable;
      });
    this.#store.dispatch({
      type: 'fleet-heard',
      fleet: {
        name: this.#name,
        machines,
        awaySince: this.#awaySince,
        trouble: this.#trouble,
        records: this.#records,
      },
    });
    const completeness = fleetCompleteness(machines, this.#counters.refusals);
    this.#options.partial({
      log: this.#name,
      holds: `sums of ${plural(machines.length, 'machine')}`,
      completeness,
    });
    spentMs += performance.now() - startedAt;
    this.#readOutMs = Math.max(READ_OUT_MS, 20 * spentMs); // at most a twentieth of the time
  }
}
