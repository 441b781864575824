import type { RecordShape } from '../../../core/record-shape.ts';
import { layoutOf } from './layout.ts';
import type { Kernel } from './load-kernel.ts';

/** The layouts that the kernel was told of. */
export class Layouts {
  readonly #kernel: Kernel;
  readonly #shapes: readonly RecordShape[];
  /** By the kernel's pointers. */
  readonly #known = new Map<number, RecordShape>();
  /** By the keys, whatever their order: that changes nothing of what a record means. */
  readonly #ids = new Map<string, number>();

  constructor(kernel: Kernel, shapes: readonly RecordShape[]) {
    this.#kernel = kernel;
    this.#shapes = shapes;
  }

  /** Learns how a record is read whose keys have these places; returns the kernel's words for it, 0 where no shape has such records. */
  learn(places: ReadonlyMap<string, number>): number {
    const layout = layoutOf(this.#idOf([...places.keys()]), places, this.#shapes);
    if (!layout) return 0;
    const words = this.#kernel.allocate(layout.words.byteLength);
    new Int32Array(this.#kernel.memory.buffer).set(layout.words, words / Int32Array.BYTES_PER_ELEMENT);
    this.#known.set(words, layout.shape);
    return words;
  }

  #idOf(keys: readonly string[]): number {
    const name = JSON.stringify(keys.toSorted());
    const id = this.#ids.get(name) ?? this.#ids.size;
    this.#ids.set(name, id);
    return id;
  }

  /** Whose shape the record has that was scanned last. */
  get system(): string {
    return this.#known.get(this.#kernel.lastLayout())?.system ?? '';
  }
}
