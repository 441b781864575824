import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node } from 'yaml';
import type { Problem } from '../../core/problem.ts';
import { parseYaml, type YamlText } from './yaml-text.ts';

/** A text or number of a document, with its place. */
export interface YamlWord {
  readonly text: string;
  /** The offset in the text. */
  readonly offset: number;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
}

/** Reads a YAML policy by its keys, and collects the problems. */
export class YamlWalk {
  readonly text: string;
  readonly problems: Problem[] = [];
  readonly root: Node | null;
  readonly #path: string;
  readonly #lines = new LineCounter();
  readonly #yaml: YamlText;

  constructor(text: string, path: string) {
    [this.text, this.#path] = [text, path];
    this.#yaml = parseYaml(text, this.#lines, 'the first document');
    for (const { offset, why } of this.#yaml.faults)
      this.tell('error', this.#place(offset), { why: `yaml: ${why}`, remedy: 'mend the YAML there' });
    this.root = this.problems.length > 0 ? null : this.#follow(this.#yaml.document?.contents);
  }

  /** The node at a path of keys; null without one. */
  at(node: Node | null, ...keys: readonly string[]): Node | null {
    let found = node;
    for (const key of keys)
      found = isMap(found)
        ? this.#follow(found.items.find(pair => isScalar(pair.key) && String(pair.key.value) === key)?.value)
        : null;
    return found;
  }

  /** The keys of a map with their values; empty for any other node. */
  members(node: Node | null): readonly { readonly key: YamlWord; readonly value: Node | null }[] {
    if (!isMap(node)) return [];
    return node.items.flatMap(pair => {
      const key = this.word(this.#follow(pair.key));
      return key ? [{ key, value: this.#follow(pair.value) }] : [];
    });
  }

  /** The items of a list; null for any other node. */
  items(node: Node | null): readonly (Node | null)[] | null {
    return isSeq(node) ? node.items.map(item => this.#follow(item)) : null;
  }

  /** A scalar as it is written; null for an empty one and for any other node. */
  word(node: Node | null): YamlWord | null {
    if (!isScalar(node) || node.value === null || node.value === undefined) return null;
    const offset = node.range?.[0] ?? 0;
    const written = typeof node.value === 'string' ? node.value : (node.source ?? '');
    return { text: written, offset, ...this.#place(offset) };
  }

  /** The place where a node begins. */
  placeOf(node: Node | null): Pick<YamlWord, 'line' | 'column'> {
    return this.#place(node?.range?.[0] ?? 0);
  }

  tell(
    severity: Problem['severity'],
    { line, column }: Pick<YamlWord, 'line' | 'column'>,
    { why, remedy }: Pick<Problem, 'why' | 'remedy'>,
  ): void {
    this.problems.push({ source: this.#path, line, column, severity, why, remedy });
  }

  #place(offset: number): Pick<YamlWord, 'line' | 'column'> {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  #follow(node: unknown): Node | null {
    if (isAlias(node)) return this.#yaml.target(node);
    return isMap(node) || isSeq(node) || isScalar(node) ? node : null;
  }
}
