import type { EgressEvent } from '../../../src/core/event.ts';
import { bucketOf } from '../../../src/core/traffic/durations.ts';
import type { SumTable } from '../../../src/core/traffic/sums/sum-table.ts';

/** A table of these events, of which those that are alike share a row. */
export function tableOf(events: readonly EgressEvent[]): SumTable {
  const [rulings, hosts] = [
    new Listed<SumTable['rulings'][number]>(),
    new Listed<SumTable['hosts'][number]>(),
  ];
  const [tools, agents] = [new Listed<string | null>(), new Listed<string | null>()];
  const rows = new Map<string, { readonly parts: readonly number[]; readonly events: EgressEvent[] }>();
  for (const event of events) {
    const { system, kind, verdict, reason, interception, host, address, tool, agent } = event;
    const parts = [
      rulings.place({ system, kind, verdict, reason, interception }),
      hosts.place({ host, address }),
      tools.place(tool),
      agents.place(agent),
    ];
    const row = rows.get(parts.join()) ?? { parts, events: [] };
    rows.set(parts.join(), row);
    row.events.push(event);
  }
  const all = [...rows.values()];
  const durations = all.map(row => row.events.flatMap(({ durationMs }) => durationMs ?? []));
  const starts = [0];
  for (const some of durations) starts.push((starts.at(-1) ?? 0) + some.length);
  return {
    size: all.length,
    parts: Uint32Array.from(all.flatMap(row => row.parts)),
    cells: Float64Array.from(all.flatMap(row => cellsOf(row.events))),
    durationStarts: Uint32Array.from(starts),
    durations: Uint32Array.from(durations.flat().flatMap(ms => [bucketOf(ms), 1])),
    rulings: rulings.values,
    hosts: hosts.values,
    tools: tools.values,
    agents: agents.values,
  };
}

function cellsOf(events: readonly EgressEvent[]): readonly number[] {
  const times = events.flatMap(({ at }) => at ?? []);
  const statuses = events.flatMap(({ status }) => status ?? []);
  const bytes = events.reduce((sum, event) => sum + (event.bytes ?? 0), 0);
  return [events.length, Math.min(...times), Math.max(...times), bytes, statuses.at(-1) ?? Number.NaN];
}

/** Values, each once. */
class Listed<Value> {
  readonly values: Value[] = [];
  readonly #places = new Map<string, number>();

  place(value: Value): number {
    const key = JSON.stringify(value);
    const place = this.#places.get(key) ?? this.values.push(value) - 1;
    this.#places.set(key, place);
    return place;
  }
}
