import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { isName } from '../../../core/fleet/names.ts';
import { tokenOf } from '../../../core/fleet/counters/token.ts';
import { Failure, misuse } from '../../../core/failure.ts';
import { parseDuration } from '../../../core/time.ts';
import { connectNats, type LinkState, type NatsLink } from '../../../sources/nats/connect.ts';
import type { NatsFlags } from '../../../sources/nats/credential-files.ts';
import { CounterStream } from '../../../sources/nats/counter-stream.ts';
import { fleetTenant, parseNatsAddress, shownAddress } from '../../../sources/nats/nats-address.ts';
import { nameOf } from '../../../sources/named/expand.ts';
import type { RecordChoice } from '../../../sources/nats/records/record-batch.ts';
import type { SourceSpec } from '../../../sources/source.ts';
import { resolveSources } from '../../../reading/resolve-sources.ts';
import { systemsFor, type SystemChoice } from '../../../reading/selection.ts';
import { withAgents } from '../../../reading/named-agents.ts';
import { note, noteProblem } from '../../output.ts';
import { ownJournal, placesOf } from '../../places.ts';
import { natsCredentials } from '../nats-options.ts';
import { MachinePolicy, type MachinePolicyFlags } from '../policy/machine-policy.ts';
import { shipStatePath } from './ship-state.ts';
import { RecordShipper } from './record-shipper.ts';
import { Shipper } from './shipper.ts';

/** The flags of `ship`, as the command line gives them. */
export interface ShipOptions extends NatsFlags, SystemChoice, MachinePolicyFlags {
  readonly machine?: string;
  readonly once?: true;
  readonly every?: string;
  readonly stateDir?: string;
  readonly records?: RecordChoice | 'none';
}

const USUAL_EVERY = '60s';
/** The logs are read at least so often, so that the rotation of a log is noticed early. */
const READ_MS = 10_000;
/** Records of so long are shipped together. */
const RECORDS_MS = 1_000;
/** A try that failed is made again after so long by `--once`. */
const RETRY_MS = 200;

/** Publishes what this machine's logs come to, again and again, or once with `--once`. Exit 0 when it was told to end, or all is stored. */
export async function ship([address, ...sources]: readonly string[], options: ShipOptions): Promise<number> {
  const server = parseNatsAddress(address ?? '');
  const tenant = fleetTenant(server);
  const machine = options.machine ?? hostname();
  if (!isName(machine)) throw misuse(`${machine} cannot be the name of a machine`, 'name it with --machine');
  const everyMs = everyOf(options.every ?? USUAL_EVERY);
  const places = placesOf(options.stateDir);
  const resolved = await resolveSources(sources, places);
  const specs = resolved.specs.filter(isFile);
  for (const spec of resolved.specs)
    if (!isFile(spec)) note(`${nameOf(spec)} is not shipped: only files can be counted exactly`);
  const policy = await MachinePolicy.open(options, { tenant, machine });
  if (specs.length === 0 && !policy)
    throw new Failure('there is no log to ship', 1, { remedy: 'name a SOURCE' });
  const systems = withAgents(systemsFor(options), resolved.agents);
  const shipper = await Shipper.start({
    tenant,
    machine,
    specs,
    systems,
    everyMs,
    statePath: shipStatePath(ownJournal(), tenant, machine),
    problem: noteProblem,
    now: Date.now,
    policy: () => policy?.standing ?? null,
    heard: event => policy?.observe(event),
  });
  const { records: holds = 'denials' } = options;
  const records =
    holds === 'none'
      ? null
      : new RecordShipper({ tenant, machine, specs, systems, holds, problem: noteProblem });
  const ending = new AbortController();
  const end = (): void => ending.abort();
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  const credentials = await natsCredentials(options, places);
  const voyage = new Voyage({ shipper, records, everyMs, signal: ending.signal });
  const connecting = connectNats(server, {
    credentials,
    name: `egresstop ship ${machine}`,
    isPatient: true,
    signal: ending.signal,
    inboxPrefix: `_IN_${tokenOf(machine)}`,
    onState: state => voyage.heed(state),
  });
  connecting.then(
    link => {
      voyage.board(link);
      policy?.board(link.connection);
    },
    (error: unknown) => voyage.fail(error),
  );
  try {
    if (options.once !== true) note(`ships as ${machine} to ${shownAddress(server)}`);
    await (options.once === true ? voyage.once() : voyage.untilEnd());
    if (options.once === true) await policy?.look();
    return 0;
  } finally {
    ending.abort();
    await shipper.stop();
    await policy?.stop();
    await voyage.land();
  }
}

const isFile = (spec: SourceSpec): boolean => spec.type === 'path' || spec.type === 'glob';

function everyOf(text: string): number {
  const everyMs = parseDuration(text);
  if (everyMs === null || everyMs < 1_000 || everyMs > 3_600_000)
    throw misuse(`--every wants a duration from 1s to 1h: ${text}`);
  return everyMs;
}

interface VoyageParts {
  readonly shipper: Shipper;
  /** Null where counters alone are shipped. */
  readonly records: RecordShipper | null;
  readonly everyMs: number;
  readonly signal: AbortSignal;
}

/** Counts and publishes in turns, with or without a server. */
class Voyage {
  readonly #shipper: Shipper;
  readonly #records: RecordShipper | null;
  readonly #everyMs: number;
  readonly #signal: AbortSignal;
  #link: NatsLink | null = null;
  #stream: CounterStream | null = null;
  #failure: unknown = null;
  #wake: () => void = () => undefined;
  #told: string | null = null;

  constructor({ shipper, records, everyMs, signal }: VoyageParts) {
    [this.#shipper, this.#records, this.#everyMs, this.#signal] = [shipper, records, everyMs, signal];
    signal.addEventListener('abort', () => this.#wake(), { once: true });
  }

  /** The server was reached for the first time. */
  board(link: NatsLink): void {
    [this.#link, this.#stream] = [link, new CounterStream(link)];
    this.#records?.board(link.connection);
    this.#wake();
  }

  /** The server will never be reached. */
  fail(error: unknown): void {
    if (this.#signal.aborted) return;
    this.#failure = error;
    this.#wake();
  }

  /** A connection that was lost and is back may lead to a server that lost something: all is published again. */
  heed(state: LinkState): void {
    if (state.type === 'connected') {
      this.#tell(this.#link ? 'the server is back: everything is sent again' : null);
      this.#shipper.forgetServer();
      this.#records?.forgetServer();
      this.#wake();
    } else
      this.#tell(state.type === 'away' ? `the server is away: ${state.why}; counting goes on` : state.why);
  }

  #tell(text: string | null): void {
    if (text !== null && text !== this.#told) note(text);
    this.#told = text;
  }

  /** Ships what is there now, and waits until the server has stored it. */
  async once(): Promise<void> {
    await this.#shipper.count();
    while (!this.#signal.aborted) {
      const why = await this.#publish();
      if (why === null) return this.#recordsOnce();
      if (this.#link?.isUp() && why !== 'away') this.#tell(why);
      if (why.startsWith('there is no stream')) throw new Failure(why, 1, { remedy: STREAM_REMEDY });
      await this.#rest(RETRY_MS);
    }
    throw new Failure('ended before the server had stored everything');
  }

  async #recordsOnce(): Promise<void> {
    for (let tries = 0; !this.#signal.aborted;) {
      const why = await this.#shipRecords();
      if (why === null) return;
      if (why !== 'away' && this.#link?.isUp()) tries += 1;
      if (tries >= RECORD_TRIES) throw new Failure(why, 1, { remedy: RECORDS_REMEDY });
      await this.#rest(RETRY_MS);
    }
    throw new Failure('ended before the server had stored everything');
  }

  /** Goes on until it is told to end; then it tries a last time. */
  async untilEnd(): Promise<void> {
    let due = 0;
    const shipping = this.#shipRecordsOn();
    while (!this.#signal.aborted) {
      await this.#shipper.count();
      const now = performance.now();
      if (now >= due || this.#isFresh()) {
        const why = await this.#publish();
        if (why === null) due = now + this.#everyMs;
        else if (why !== 'away')
          this.#tell(`${why}${why.startsWith('there is no') ? `: ${STREAM_REMEDY}` : ''}`);
      }
      await this.#rest(Math.min(this.#everyMs, READ_MS));
    }
    await shipping;
    await this.#shipper.count();
    await this.#publish();
  }

  /** Null when the server has the records; else why not. */
  async #shipRecords(): Promise<string | null> {
    if (!this.#records) return null;
    return this.#link?.isUp() ? this.#records.ship(this.#signal) : 'away';
  }

  async #shipRecordsOn(): Promise<void> {
    while (!this.#signal.aborted) {
      const why = await this.#shipRecords();
      if (why !== null && why !== 'away' && why !== 'ended' && this.#link?.isUp()) this.#tell(why);
      await pause(RECORDS_MS, undefined, { signal: this.#signal }).catch(() => undefined); // it was told to end
    }
  }

  #wasUp = false;

  /** Whether the server came back since the last look. */
  #isFresh(): boolean {
    const isUp = this.#link?.isUp() ?? false;
    const isFresh = isUp && !this.#wasUp;
    this.#wasUp = isUp;
    return isFresh;
  }

  /** Null when the server has stored everything; else why not. */
  async #publish(): Promise<string | null> {
    if (this.#failure) throw this.#failure;
    if (!this.#stream || !this.#link?.isUp()) return 'away';
    const delivery = await this.#shipper.publish(this.#stream);
    return delivery.type === 'delivered' ? null : delivery.why;
  }

  /** Waits, but no longer than until something happens. */
  async #rest(restMs: number): Promise<void> {
    if (this.#signal.aborted) return;
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    await pause(restMs, undefined, { signal: woken.signal }).catch(() => undefined); // it was woken
  }

  async land(): Promise<void> {
    await this.#link?.close();
  }
}

/** A user without the right to ship records is silently refused: after so many tries `--once` gives up. */
const RECORD_TRIES = 2;
const RECORDS_REMEDY = 'let this user write and read its own records, or ship with --records none';
const STREAM_REMEDY = 'let an administrator run `egresstop ship` once, or create the stream EGRESS_SUM';
