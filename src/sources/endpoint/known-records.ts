import { createHash } from 'node:crypto';
import { parseObject } from '../../core/record.ts';
import type { Line } from '../source.ts';

/** Keys remembered, the newest: more than an endpoint shows of its past in one go. */
const MAX_KNOWN = 200_000;

/** Tells records that an endpoint shows again from new ones: by their `id`, else by all that they say. */
export class KnownRecords {
  readonly #known = new Set<string>();

  /** The lines that no earlier call had. Of equal records without an id, as many are new as there are more than before. */
  unknown(lines: readonly Line[]): readonly Line[] {
    const counts = new Map<string, number>();
    return lines.filter(line => {
      const key = keyOf(line);
      const count = counts.get(key.text) ?? 0;
      counts.set(key.text, count + 1);
      return this.#add(key.isId ? key.text : `${key.text} ${count}`);
    });
  }

  #add(key: string): boolean {
    const isNew = !this.#known.has(key);
    this.#known.delete(key);
    this.#known.add(key); // what is shown again stays remembered
    const [oldest] = this.#known;
    if (this.#known.size > MAX_KNOWN && oldest !== undefined) this.#known.delete(oldest);
    return isNew;
  }
}

interface Key {
  readonly text: string;
  readonly isId: boolean;
}

function keyOf(line: Line): Key {
  if (typeof line !== 'string') return { text: `${line.bytes} bytes`, isId: false };
  const id = idOf(line);
  if (id !== null && id.length <= 100) return { text: `id ${id}`, isId: true };
  return { text: createHash('sha256').update(line).digest('base64'), isId: false };
}

function idOf(line: string): string | null {
  const id = parseObject(line)?.['id']; // no JSON: told as malformed when it is decoded
  return typeof id === 'string' || typeof id === 'number' ? JSON.stringify(id) : null;
}

const TIMES = ['created_at', 'timestamp', 'time', 'at'];

/** Oldest first: lists that begin with the newest record are turned round. Where times do not tell, the order stays. */
export function oldestFirst(lines: readonly Line[]): readonly Line[] {
  const [first, last] = [timeOf(lines[0]), timeOf(lines.at(-1))];
  return first !== null && last !== null && first > last ? lines.toReversed() : lines;
}

function timeOf(line: Line | undefined): number | null {
  const record = typeof line === 'string' ? parseObject(line) : null;
  const value = TIMES.map(name => record?.[name]).find(found => found !== null && found !== undefined);
  const time = typeof value === 'string' ? timeIn(value) : value;
  return typeof time === 'number' && !Number.isNaN(time) ? time : null;
}

/** A count in whatever unit, or a date: only times of one kind are compared. */
const timeIn = (text: string): number => (/^\d+$/.test(text) ? Number(text) : Date.parse(text));
