import { PARTS } from '../../core/record-shape.ts';
import type { Layout } from './layout.ts';
import { Kind, type RecordValues } from './record-values.ts';
import { WordNames } from './word-names.ts';

const RULING = PARTS.indexOf('ruling');

/** Numbers the values that each part of an event was seen with, from 0 as they come. */
export class PartNames {
  readonly #values = PARTS.map(() => new WordNames());
  readonly #collected: Uint8Array;
  readonly #words: Int32Array;

  /** `maxBytes`: of the values of one record that count, together. */
  constructor(maxBytes: number) {
    this.#collected = new Uint8Array(maxBytes);
    this.#words = new Int32Array(this.#collected.buffer);
  }

  /** Writes the number of each part's value in a record, in the order of PARTS. */
  number(bytes: Uint8Array, layout: Layout, values: RecordValues, numbers: Int32Array): void {
    for (let part = 0; part < numbers.length; part += 1) {
      const words = this.#collect(bytes, layout, values, part);
      numbers[part] = (this.#values[part] as WordNames).numberOf(this.#words, words);
    }
  }

  forget(): void {
    for (const values of this.#values) values.clear();
  }

  /** Brings together the bytes that make up a part's value; returns how many words they fill. A ruling also depends on the keys that there are. */
  #collect(bytes: Uint8Array, layout: Layout, values: RecordValues, part: number): number {
    const collected = this.#collected;
    collected[0] = layout.shapeId;
    let length = 1;
    if (part === RULING) {
      collected[length++] = layout.id;
      collected[length++] = layout.id >> 8;
      for (const place of layout.measured) collected[length++] = values.kinds[place] as number;
    }
    for (const counted of layout.parts[part] ?? []) {
      const isThere = values.counts(bytes, counted);
      // A kind also ends the value before it: no JSON value holds such a byte.
      collected[length++] = isThere ? (values.kinds[counted.place] as number) : Kind.missing;
      if (!isThere) continue;
      const [start, end] = [values.starts[counted.place] as number, values.ends[counted.place] as number];
      for (let at = start; at < end; at += 1) collected[length++] = bytes[at] as number;
    }
    collected[length++] = Kind.end;
    while (length % 4 > 0) collected[length++] = 0;
    return length / 4;
  }
}
