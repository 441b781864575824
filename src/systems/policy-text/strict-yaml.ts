import { isMap, isScalar, isSeq, LineCounter, type Node } from 'yaml';
import type { Problem } from '../../core/problem.ts';
import { scalarText } from '../../core/maps/conditions.ts';
import { nearWord } from '../../core/near-word.ts';
import { TextReading } from './text-reading.ts';
import { parseYaml } from './yaml-text.ts';

/** A node of a strict YAML file; null for nothing. */
export type YamlNode = Node | null;

/** One entry of a YAML map. */
export interface MapEntry {
  readonly key: string;
  /** Where the key stands. */
  readonly offset: number;
  readonly value: Node | null;
}

/** The words for a file that is no YAML map, and the remedy where nothing better is known. */
interface YamlForm {
  readonly what: string;
  readonly manual: string;
}

/** Known keys that a remedy lists; more of them are for the manual. */
const MOST_LISTED = 30;

/** A YAML text in which each key must be known, while it is read. It hands out the nodes, and collects each fault with its place. */
export class StrictYaml {
  readonly #reading: TextReading;
  readonly #manual: string;
  /** Null where the text is no YAML map. */
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

  /** Where a node stands, both from 1. */
  placeOf(node: Node | null): { readonly line: number; readonly column: number } {
    return this.#reading.place(offsetOf(node));
  }

  /** The entries of a map node; anything else is told, and has none. Keys that are not among the known ones are told and left out. */
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

  /** Whether a node is a map of keys and values. */
  isMap(node: YamlNode): boolean {
    return isMap(node);
  }

  isList(node: YamlNode): boolean {
    return isSeq(node);
  }

  /** The items of a list, or the node itself as the only one. */
  items(node: Node | null): readonly (Node | null)[] {
    return isSeq(node) ? (node.items as (Node | null)[]) : [node];
  }

  /** The text of a scalar; numbers and truth values are texts too. Null, told, for anything else. */
  text(node: Node | null, what: string): string | null {
    const text = isScalar(node) ? scalarText(node.value) : null;
    if (text !== null) return text;
    this.error(node, `${what} must be a text`);
    return null;
  }

  /** One of the words; null, told, for anything else. */
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
