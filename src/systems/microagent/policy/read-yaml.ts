import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair } from 'yaml';
import type { Entry, ListName } from '../../../core/policy/dialect.ts';
import type { Problem } from '../../../core/problem.ts';
import { grantEnd } from '../../policy-text/grant-comment.ts';
import { parseYaml, type YamlText } from '../../policy-text/yaml-text.ts';
import type { FoundList, FoundPolicy } from './policy-lists.ts';

/** Reads a YAML policy text; every problem names its place. Nothing is guessed: a wrong type is an error, as for Go's strict decoder. */
export function readYaml(text: string, path: string): FoundPolicy {
  const lines = new LineCounter();
  const yaml = parseYaml(text, lines);
  const reading = new Reading(text, path, lines);
  for (const { offset, why } of yaml.faults) reading.error(offset, `yaml: ${why}`, 'mend the YAML there');
  if (reading.problems.length > 0) return { lists: [], problems: reading.problems };
  const root = yaml.document?.contents ?? null;
  if (root === null || (isScalar(root) && root.value === null)) {
    reading.error(
      0,
      `parse egress policy file ${path}: EOF`,
      'write `allow: []` for a policy that lists nothing',
    );
    return { lists: [], problems: reading.problems };
  }
  if (!isMap(root)) {
    reading.error(
      root.range?.[0] ?? 0,
      'a policy is a map of the lists `allow` and `passthrough`',
      'put the entries under `allow:`',
    );
    return { lists: [], problems: reading.problems };
  }
  const lists = root.items.flatMap(pair => reading.list(pair as Pair<Node, Node | null>, yaml));
  return { lists, problems: reading.problems };
}

/** One pass over one text: collects the problems as it goes. */
class Reading {
  readonly problems: Problem[] = [];
  readonly #text: string;
  readonly #path: string;
  readonly #lines: LineCounter;

  constructor(text: string, path: string, lines: LineCounter) {
    this.#text = text;
    this.#path = path;
    this.#lines = lines;
  }

  error(offset: number, why: string, remedy: string): void {
    const { line, col } = this.#lines.linePos(offset);
    this.problems.push({
      source: this.#path,
      line: Math.max(line, 1),
      column: Math.max(col, 1),
      severity: 'error',
      why,
      remedy,
    });
  }

  list(pair: Pair<Node, Node | null>, yaml: YamlText): FoundList[] {
    const offset = pair.key.range?.[0] ?? 0;
    const key = isScalar(pair.key) ? pair.key.value : null;
    if (key !== 'allow' && key !== 'passthrough') {
      this.#unknownKey(offset, String(isScalar(pair.key) ? pair.key.value : pair.key));
      return [];
    }
    const value = isAlias(pair.value) ? yaml.target(pair.value) : pair.value;
    if (value === null || (isScalar(value) && value.value === null)) return [{ name: key, key, entries: [] }];
    if (!isSeq(value)) {
      this.error(
        value.range?.[0] ?? offset,
        `${key} must be a list of names`,
        `write \`${key}:\` and one \`- name\` a line below it`,
      );
      return [];
    }
    return [
      {
        name: key,
        key,
        entries: value.items.flatMap((item, index) => this.#entry(item as Node, key, index, yaml)),
      },
    ];
  }

  #unknownKey(offset: number, key: string): void {
    const { line } = this.#lines.linePos(offset);
    const why = `parse egress policy file ${this.#path}: yaml: unmarshal errors: line ${line}: field ${key} not found in type egress.PolicyFile`;
    this.error(offset, why, 'the only keys are `allow` and `passthrough`');
  }

  #entry(node: Node, list: ListName, index: number, yaml: YamlText): Entry[] {
    const offset = node.range?.[0] ?? 0;
    const item = isAlias(node) ? yaml.target(node) : node;
    if (!isScalar(item) || typeof item.value !== 'string') {
      this.error(
        offset,
        `${list}[${index}] is not a text`,
        'write a name, in quotes where YAML would read a number or a word of its own',
      );
      return [];
    }
    if (item.value.trim() === '') {
      this.error(
        offset,
        `egress policy file ${this.#path}: ${list}[${index}] is empty`,
        'remove the entry or write a name',
      );
      return [];
    }
    const { line, col } = this.#lines.linePos(offset);
    return [
      { list, text: item.value, line, column: col, until: grantEnd(this.#text, node.range?.[1] ?? offset) },
    ];
  }
}
