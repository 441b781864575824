import { blankEvent, type Decision, type Verdict } from '../../../src/core/event.ts';
import type {
  CounterDocument,
  LedgerDocument,
  ShardDocument,
} from '../../../src/core/fleet/counters/counter-document.ts';
import { MachineCounters } from '../../../src/core/fleet/counters/machine-counters.ts';
import type { RecordBatch } from '../../../src/sources/nats/records/record-batch.ts';
import { pick, randomFrom } from '../random.ts';

export const TENANT = 'bench';
/** Decisions of a machine in a second of its time. */
export const EVENTS_A_SECOND = 100;
/** One decision in so many is a denial. */
const DENIED = 100;
const HOSTS_EACH = 50;
/** Hosts that many machines ask for, and those that few do. */
const [COMMON, RARE] = [200, 5_000];
const TOOLS = ['llm', 'bash', 'fetch', 'browser', 'git'] as const;
const AGENTS = ['researcher', 'builder', 'crawler', 'reviewer'] as const;
const LOG = '/var/log/audit.jsonl';
const LINE_BYTES = 250;
const BYTES_EACH = 1_500;

/** The documents that a machine publishes in one turn, in their order: the epochs and the shards, and then the ledger. */
export interface Turn {
  readonly documents: readonly CounterDocument[];
  readonly ledger: LedgerDocument;
}

/** Decisions by verdict. */
export type Sums = Partial<Record<Verdict, number>>;

/** A machine that is made up. What it publishes is counted and written by the code of `ship`. */
export class SimulatedMachine {
  readonly name: string;
  readonly #counters: MachineCounters;
  readonly #events: readonly Decision[];
  #lines = 0;
  #shipped = 0;
  #logged = 0;
  /** Its decisions so far. */
  readonly sums: Sums = {};

  constructor(number: number) {
    this.name = `machine-${String(number).padStart(5, '0')}`;
    this.#counters = new MachineCounters({ tenant: TENANT, machine: this.name, epoch: `epoch-${number}` });
    this.#events = eventsOf(number);
  }

  /** Decides for so many seconds of its own time, which ends at `at` (unix ms). */
  live(seconds: number, at: number): void {
    const decisions = seconds * EVENTS_A_SECOND;
    const denials = Math.floor(decisions / DENIED);
    const each = Math.floor((decisions - denials) / (this.#events.length - 1));
    let left = decisions;
    for (const [index, event] of this.#events.entries()) {
      const isLast = index === this.#events.length - 1;
      const count = isLast ? left : event.verdict === 'deny' ? denials : each;
      left -= count;
      this.#counters.countAlike({ ...event, at, bytes: count * BYTES_EACH }, count);
      this.sums[event.verdict] = (this.sums[event.verdict] ?? 0) + count;
    }
    this.#lines += decisions;
    this.#counters.note({ lines: decisions });
    const size = this.#lines * LINE_BYTES;
    this.#counters.commit([{ id: `log-${this.name}`, name: LOG, offset: size, size, lines: this.#lines }]);
  }

  /** The documents that changed since the last turn. */
  turn(everyMs: number, sent: number): Turn {
    const { tenant, machine, epoch } = this.#counters.place;
    const shards: readonly ShardDocument[] = this.#counters.shardsSince(this.#shipped, sent);
    const isFirst = this.#shipped === 0;
    this.#shipped = this.#counters.sequence;
    return {
      documents: [
        ...(isFirst ? [{ type: 'epochs' as const, tenant, machine, epochs: [epoch] }] : []),
        ...shards,
      ],
      ledger: this.#counters.ledger({ run: 'bench', everyMs, policy: null }, sent),
    };
  }

  /** A batch of the denials of so many seconds. */
  batch(seconds: number, at: number): RecordBatch {
    const event = this.#events[0];
    const lines = Array.from({ length: (seconds * EVENTS_A_SECOND) / DENIED }, () =>
      JSON.stringify({
        timestamp: String(Math.floor(at / 1_000)),
        kind: 'egress',
        correlation_id: 'b',
        tool: event?.tool,
        url: `https://${event?.host}/`,
        host: event?.host,
        method: 'GET',
        duration_ms: 1,
        blocked: true,
        block_reason: 'allowlist',
      }),
    );
    const from = this.#logged;
    this.#logged += lines.length * LINE_BYTES;
    const cursors = [`log-${this.name}:${this.#logged}`];
    return { file: LOG, from, to: this.#logged, lines, holds: 'denials', cursors };
  }
}

/** One kind of event for each host that the machine asks for. The first is denied. */
function eventsOf(number: number): readonly Decision[] {
  const random = randomFrom(number + 1);
  const hosts = new Set<string>();
  while (hosts.size < HOSTS_EACH)
    hosts.add(
      hosts.size % 5 === 0
        ? `host-${Math.floor(random() * RARE)}.example`
        : `api-${Math.floor(random() * COMMON)}.example`,
    );
  return [...hosts].map((host, index): Decision => ({
    ...blankEvent({ system: 'zeph', source: LOG, kind: 'egress', raw: {} }),
    host,
    verdict: index === 0 ? 'deny' : 'allow',
    tool: pick(TOOLS, random),
    agent: pick(AGENTS, random),
  }));
}
