import { setTimeout as pause } from 'node:timers/promises';
import { blankEvent, type EgressEvent, type Verdict } from '../../../core/event.ts';
import type { CounterDocument } from '../../../core/fleet/counters/counter-document.ts';
import { MachineCounters } from '../../../core/fleet/counters/machine-counters.ts';
import type { CounterStream } from '../../../sources/nats/counter-stream.ts';

/** A destination, how often it is asked for beside the others, and how it is ruled on. */
const HOSTS: readonly (readonly [host: string, weight: number, verdict: Verdict])[] = [
  ['api.models.example', 40, 'allow'],
  ['files.packages.example', 20, 'allow'],
  ['docs.library.example', 15, 'allow'],
  ['registry.mods.example', 8, 'deny'],
  ['telemetry.vendor.example', 8, 'deny'],
  ['pinned.vendor.example', 4, 'error'],
];
/** Hosts that one machine alone asks for. */
const RARE: ReadonlyMap<number, string> = new Map([
  [7, 'paste.share.example'],
  [23, 'api.modells.example'],
]);
const TOOLS = ['llm', 'bash', 'fetch'] as const;
const AGENTS = ['researcher', 'builder', 'crawler'] as const;
/** The machine that falls silent, and the one whose clock is wrong. */
const [SILENT, SKEWED] = [11, 17];
const SKEW_MS = 190_000;

/** A fleet that is made up. */
export interface SimulatedFleet {
  readonly tenant: string;
  readonly machines: number;
  /** Each machine publishes so often. */
  readonly everyMs: number;
  readonly now: () => number;
  /** A number from 0 to below 1. */
  readonly random: () => number;
}

/** Publishes the counters of made-up machines in turns, until `signal` aborts. */
export async function simulateFleet(
  stream: CounterStream,
  fleet: SimulatedFleet,
  signal: AbortSignal,
): Promise<void> {
  const machines = Array.from({ length: fleet.machines }, (_, number) => new SimulatedMachine(number, fleet));
  const restMs = fleet.everyMs / fleet.machines;
  for (let round = 0; !signal.aborted; round += 1)
    for (const machine of machines) {
      if (signal.aborted) return;
      if (machine.number === SILENT && round > 0) continue;
      for (const document of machine.documents(round === 0 ? 200 : 5)) await stream.publish(document);
      if (round > 0) await pause(restMs, undefined, { signal }).catch(() => undefined); // it was stopped: the loops end
    }
}

class SimulatedMachine {
  readonly number: number;
  readonly #fleet: SimulatedFleet;
  readonly #counters: MachineCounters;
  #lines = 0;

  constructor(number: number, fleet: SimulatedFleet) {
    [this.number, this.#fleet] = [number, fleet];
    const machine = `demo-${String(number + 1).padStart(2, '0')}`;
    this.#counters = new MachineCounters({ tenant: fleet.tenant, machine, epoch: 'demo' });
  }

  /** The documents that it publishes after so many more records. */
  documents(records: number): readonly CounterDocument[] {
    const { tenant, machine, epoch } = this.#counters.place;
    const { sequence } = this.#counters;
    for (let count = 0; count < records; count += 1) this.#counters.count(this.#record());
    this.#lines += records;
    this.#counters.note({ lines: records });
    const size = this.#lines * 250;
    this.#counters.commit([
      { id: 'demo', name: '/var/log/audit.jsonl', offset: size, size, lines: this.#lines },
    ]);
    const sent = this.#fleet.now() - (this.number === SKEWED ? SKEW_MS : 0);
    const ledger = this.#counters.ledger({ run: 'demo', everyMs: this.#fleet.everyMs, policy: null }, sent);
    return [
      { type: 'epochs', tenant, machine, epochs: [epoch] },
      ...this.#counters.shardsSince(sequence, sent),
      ledger,
    ];
  }

  #record(): EgressEvent {
    const { random, now } = this.#fleet;
    const rare = RARE.get(this.number);
    const [host, , verdict] =
      rare !== undefined && random() < 0.02 ? ([rare, 0, 'deny'] as const) : weighted(random());
    return {
      ...blankEvent({ system: 'demo', source: 'demo', kind: '', raw: {} }),
      host,
      verdict,
      tool: TOOLS[Math.floor(random() * TOOLS.length)] ?? null,
      agent: AGENTS[Math.floor(random() * AGENTS.length)] ?? null,
      bytes: Math.floor(random() * 20_000),
      at: now(),
    };
  }
}

function weighted(share: number): (typeof HOSTS)[number] {
  let left = share * HOSTS.reduce((sum, [, weight]) => sum + weight, 0);
  const found = HOSTS.find(([, weight]) => (left -= weight) < 0);
  return found ?? ['api.models.example', 0, 'allow'];
}
