import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node } from 'yaml';
import type { Problem } from '../../../core/problem.ts';
import type { Place } from '../../policy-text/text-places.ts';
import { parseYaml, type YamlText } from '../../policy-text/yaml-text.ts';

/** A key of a map as written, and its value with aliases resolved; null for no value. */
export interface Member {
  readonly key: string;
  readonly keyNode: Node;
  readonly value: Node | null;
}

/** Reads one YAML text: finds the place of every node and collects the problems. */
export class PolicyReading {
  readonly text: string;
  readonly problems: Problem[] = [];
  readonly #path: string;
  readonly #lines = new LineCounter();
  readonly #yaml: YamlText;

  constructor(text: string, path: string) {
    this.text = text;
    this.#path = path;
    this.#yaml = parseYaml(text, this.#lines);
    for (const { offset, why } of this.#yaml.faults) {
      const { line } = this.placeOf(offset);
      this.error(offset, `line ${line}: (document) — YAML parse error: ${why}`, 'mend the YAML there');
    }
  }

  /** The root node; null for an empty document. */
  get root(): Node | null {
    return this.#yaml.document?.contents ?? null;
  }

  placeOf(at: Node | number): Place {
    const { line, col } = this.#lines.linePos(typeof at === 'number' ? at : (at.range?.[0] ?? 0));
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }

  error(at: Node | number, why: string, remedy: string): void {
    this.problems.push({ source: this.#path, ...this.placeOf(at), severity: 'error', why, remedy });
  }

  warn(at: Node | Place, why: string, remedy: string | null): void {
    const place = 'line' in at ? { line: at.line, column: at.column } : this.placeOf(at);
    this.problems.push({ source: this.#path, ...place, severity: 'warning', why, remedy });
  }

  /** The node that an alias stands for. Null without a node, and for an alias without a target. */
  follow(node: unknown): Node | null {
    const found = isAlias(node) ? this.#yaml.target(node) : node;
    return isNothing(found) ? null : (found as Node); // the content of a parsed document are nodes
  }

  /** The entries of a map; null for any other node. */
  members(node: Node | null): readonly Member[] | null {
    if (!isMap(node)) return null;
    return node.items.map(({ key, value }) => ({
      key: String(isScalar(key) ? key.value : key),
      keyNode: key as Node, // as above
      value: this.follow(value),
    }));
  }
}

const isNothing = (node: unknown): boolean =>
  node === null || node === undefined || (isScalar(node) && node.value === null);

/** The type of a node, in the words of the gateway's own type errors. */
export function describeNode(node: Node | null): string {
  if (isMap(node)) return 'map';
  if (isSeq(node)) return 'sequence';
  if (!isScalar(node) || node.value === null) return 'unit value';
  const { value } = node;
  if (typeof value === 'string') return `string ${JSON.stringify(value)}`;
  if (typeof value === 'boolean') return `boolean \`${value}\``;
  return `${Number.isInteger(value) ? 'integer' : 'floating point'} \`${Number(value)}\``;
}
