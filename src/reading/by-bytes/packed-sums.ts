import { EventSum, type CountedFields } from '../../core/traffic/event-sum.ts';

/** Sums as they go from one thread to another: every text once, the rest in two blocks of memory. Durations stay behind. */
export interface PackedSums {
  readonly texts: readonly string[];
  /** Of each sum the places of its texts, in the order of FIELDS; -1 for null. */
  readonly fields: Int32Array<ArrayBuffer>;
  /** Of each sum count, first, last, bytes, status, as `EventTotals` says. */
  readonly cells: Float64Array<ArrayBuffer>;
}

const FIELDS = [
  'system',
  'kind',
  'verdict',
  'host',
  'tool',
  'agent',
  'reason',
  'interception',
  'address',
] as const;
const CELLS = 5;

export function packSums(sums: readonly EventSum[]): PackedSums {
  const places = new Map<string, number>();
  const fields = new Int32Array(sums.length * FIELDS.length);
  const cells = new Float64Array(sums.length * CELLS);
  for (const [index, sum] of sums.entries()) {
    for (const [field, name] of FIELDS.entries())
      fields[index * FIELDS.length + field] = placeOf(sum.event[name], places);
    const { count, first, last, bytes, status } = sum.added;
    cells.set([count, first, last, bytes, status], index * CELLS);
  }
  return { texts: [...places.keys()], fields, cells };
}

function placeOf(text: string | null, places: Map<string, number>): number {
  if (text === null) return -1;
  const known = places.get(text);
  if (known !== undefined) return known;
  places.set(text, places.size);
  return places.size - 1;
}

export function unpackSums({ texts, fields, cells }: PackedSums): readonly EventSum[] {
  const text = (place: number): string | null => texts[fields[place] ?? -1] ?? null;
  const sums: EventSum[] = [];
  for (let index = 0; index * CELLS < cells.length; index += 1) {
    const sum = new EventSum(countedAt(index * FIELDS.length, text), false);
    const [count = 0, first = 0, last = 0, bytes = 0, status = 0] = cells.subarray(index * CELLS);
    sum.addAll({ count, first, last, bytes, status, durations: null });
    sums.push(sum);
  }
  return sums;
}

/** What packSums took apart, in the order of FIELDS. */
const countedAt = (place: number, text: (place: number) => string | null): CountedFields => ({
  system: text(place) ?? '',
  kind: text(place + 1) ?? '',
  verdict: text(place + 2) as CountedFields['verdict'],
  host: text(place + 3),
  tool: text(place + 4),
  agent: text(place + 5),
  reason: text(place + 6),
  interception: text(place + 7) as CountedFields['interception'],
  address: text(place + 8),
});
