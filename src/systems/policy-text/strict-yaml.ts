import { isMap, isScalar, isSeq, LineCounter, type Node } from 'yaml';
import type { Problem } from '../../core/problem.ts';
import { scalarText } from '../../core/maps/conditions.ts';
import { nearWord } from '../../core/near-word.ts';
import { TextReading } from './text-reading.ts';
import { parseYaml } from './yaml-text.ts';

/** A node of a YAML file; null for a missing value. */
export type YamlNode = Node | null;

/** An entry of a YAML map. */
export interface MapEntry {
  readonly key: string;
  /** The offset of the key. */
  readonly offset: number;
  readonly value: Node | null;
}

/** The error text for a file that is no YAML map, and the default remedy. */
interface YamlForm {
  readonly what: string;
  readonly manual: string;
}

/** The most known keys that a remedy lists. */
const MOST_LISTED = 30;

/** Reads a YAML text in which unknown keys are errors. It returns nodes and collects each fault with its place. */
export class StrictYaml {
  readonly #reading: TextReading;
  readonly #manual: string;
  /** Null if the text is no YAML map. */
  readonly root: Node | null;

  constructor(text: string, path: string, form: YamlForm) {
    this.#reading = new TextReading(text, path);
    this.#manual = form.manual;
    const { document, faults } = parseYaml(text, new LineCounter());
    for (const { offset, why } of faults) this.#reading.error(offset, why, 'mend the YAML');
    this.root = faults.length > 0 ? null : (document?.contents ?? null);
    if (faults.length === 0 && text !== '' && !isMap(this.root)) this.error(0, form.what);
  }

  get problems(): readonly Problem[] {
    return this.#reading.problems;
  }

  error(at: number | Node | null, why: string, remedy: string = this.#manual): void {
    this.#reading.error(typeof at === 'number' ? at : offsetOf(at), why, remedy);
  }

  /** The line and column of a node, both from 1. */
  placeOf(node: Node | null): { readonly line: number; readonly column: number } {
    return this.#reading.place(offsetOf(node));
  }

  /** The entries of a map node. Any other node is a fault and has none. Unknown keys are faults and are skipped. */
  entries(node: Node | null, what: string, known?: readonly string[]): readonly MapEntry[] {
    if (!isMap(node)) {
      this.error(node, `${what} must be a map of keys and values`);
      return [];
    }
    return node.items.flatMap(({ key, value }): readonly MapEntry[] => {
      const at = offsetOf(key as Node | null);
      const name = isScalar(key) ? scalarText(key.value) : null;
      if (name === null) this.error(at, `a key of ${what} must be a text`);
      else if (known && !known.includes(name)) this.#unknown(at, { name, what, known });
      else return [{ key: name, offset: at, value: value as Node | null }];
      return [];
    });
  }

  #unknown(
    at: number,
    {
      name,
      what,
      known,
    }: { readonly name: string; readonly what: string; readonly known: readonly string[] },
  ): void {
    const near = nearWord(name, known);
    const meant = near === null ? '' : `: did you mean ${near}?`;
    const remedy = known.length > MOST_LISTED ? this.#manual : `the keys are ${known.join(', ')}`;
    this.error(at, `${what} has no key ${name}${meant}`, remedy);
  }

  /** Whether a node is a map. */
  isMap(node: YamlNode): boolean {
    return isMap(node);
  }

  isList(node: YamlNode): boolean {
    return isSeq(node);
  }

  /** The items of a list, or the node itself as the only item. */
  items(node: Node | null): readonly (Node | null)[] {
    return isSeq(node) ? (node.items as (Node | null)[]) : [node];
  }

  /** The text of a scalar, also of a number or boolean. Any other node is a fault and gives null. */
  text(node: Node | null, what: string): string | null {
    const text = isScalar(node) ? scalarText(node.value) : null;
    if (text !== null) return text;
    this.error(node, `${what} must be a text`);
    return null;
  }

  /** One of the given words. Any other value is a fault and gives null. */
  word<Word extends string>(node: Node | null, what: string, words: readonly Word[]): Word | null {
    const text = isScalar(node) ? scalarText(node.value) : null;
    if (text === null) {
      this.error(node, `${what} must be one word`, `it is one of ${words.join(', ')}`);
      return null;
    }
    const found = words.find(word => word === text);
    if (found !== undefined) return found;
    const near = nearWord(text, words);
    const meant = near === null ? '' : `: did you mean ${near}?`;
    this.error(node, `${what} cannot be ${text}${meant}`, `it is one of ${words.join(', ')}`);
    return null;
  }
}

const offsetOf = (node: Node | null): number => node?.range?.[0] ?? 0;
