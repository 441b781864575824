import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import type { Entry, ListName } from '../../../core/policy/dialect.ts';
import type { Problem } from '../../../core/problem.ts';
import { grantEnd } from '../../policy-text/grant-comment.ts';
import { parseYaml, type YamlText } from '../../policy-text/yaml-text.ts';
import { ignoredPart, type FoundList, type FoundPolicy } from './policy-lists.ts';

/**
 * Reads a YAML policy text as Go's strict decoder does (`gopkg.in/yaml.v3`): only the first document, with its merges. A wrong type is an
 * error. Every problem has its place.
 */
export function readYaml(text: string, path: string): FoundPolicy {
  const lines = new LineCounter();
  const yaml = parseYaml(text, lines, 'the first document');
  const reading = new Reading({ text, path }, lines, yaml);
  for (const { offset, why } of yaml.faults) reading.error(offset, `yaml: ${why}`, 'mend the YAML there');
  if (reading.problems.length > 0) return { lists: [], problems: reading.problems };
  const lists = reading.lists(yaml.document);
  if (yaml.ignoredFrom === null) return { lists, problems: reading.problems };
  const { line, col } = lines.linePos(yaml.ignoredFrom);
  const ignored = ignoredPart('document', { source: path, line, column: col });
  return { lists, problems: [...reading.problems, ignored], ignoredFrom: line };
}

type ParsedPair = Pair<Node, Node | null>;

/** A key that `<<` merges into the map, and the line of the `<<`. */
interface MergedPair {
  readonly pair: ParsedPair;
  readonly mergedAt: number;
}

/** Reads one text and collects the problems. */
class Reading {
  readonly problems: Problem[] = [];
  readonly #text: string;
  readonly #path: string;
  readonly #lines: LineCounter;

  readonly #yaml: YamlText;

  constructor(
    { text, path }: { readonly text: string; readonly path: string },
    lines: LineCounter,
    yaml: YamlText,
  ) {
    [this.#text, this.#path, this.#lines, this.#yaml] = [text, path, lines, yaml];
  }

  /** The lists of a document. An empty document has none; without a document there is no policy. */
  lists(document: Document | null): readonly FoundList[] {
    const root = document?.contents ?? null;
    if (isMap(root)) return this.#listsOf(root);
    const isNull = root === null || (isScalar(root) && root.value === null);
    const isWritten = document?.directives?.docStart === true || (isScalar(root) && root.source !== '');
    if (isNull && isWritten) return [];
    if (isNull)
      this.error(
        0,
        `parse egress policy file ${this.#path}: EOF`,
        'write `allow: []` for a policy that lists nothing',
      );
    else
      this.error(
        root.range?.[0] ?? 0,
        'a policy is a map of the lists `allow` and `passthrough`',
        'put the entries under `allow:`',
      );
    return [];
  }

  /** The map's own lists, and merged ones. An own key has precedence over a merged one, and an earlier merge over a later. */
  #listsOf(root: YAMLMap): readonly FoundList[] {
    const pairs = root.items as unknown as readonly ParsedPair[]; // the items of a parsed map are nodes
    const own = pairs.filter(pair => !isMerge(pair)).flatMap(pair => this.#list(pair));
    const found = new Set(own.map(({ name }) => name));
    const around = new Map([[root as Node, 'open' as const]]);
    const merged = pairs.filter(isMerge).flatMap(pair => this.#mergedBy(pair, around));
    return [
      ...own,
      ...merged.flatMap(({ pair, mergedAt }) =>
        this.#list(pair).flatMap(list => {
          if (found.has(list.name)) return [];
          found.add(list.name);
          return [{ ...list, mergedAt }];
        }),
      ),
    ];
  }

  /** The pairs that a `<<` merges in, directly or through further merges. A map that was merged before adds nothing. */
  #mergedBy(pair: ParsedPair, seen: Map<Node, 'open' | 'done'>): readonly MergedPair[] {
    const mergedAt = this.#lines.linePos(pair.key.range?.[0] ?? 0).line;
    const value = this.#follow(pair.value);
    const maps = isSeq(value) ? value.items.map(item => this.#follow(item as Node)) : [value];
    return maps.flatMap((map): readonly MergedPair[] => {
      if (!isMap(map)) {
        this.error(
          pair.value?.range?.[0] ?? pair.key.range?.[0] ?? 0,
          'yaml: map merge requires map or sequence of maps as the value',
          'write a map, or a list of maps, behind <<',
        );
        return [];
      }
      if (seen.get(map) === 'open')
        this.error(
          pair.key.range?.[0] ?? 0,
          `yaml: anchor '${map.anchor ?? ''}' value contains itself`,
          'merge another map',
        );
      if (seen.has(map)) return [];
      seen.set(map, 'open');
      const pairs = map.items as unknown as readonly ParsedPair[];
      const found = [
        ...pairs.filter(inner => !isMerge(inner)).map(inner => ({ pair: inner, mergedAt })),
        ...pairs.filter(isMerge).flatMap(inner => this.#mergedBy(inner, seen)),
      ];
      seen.set(map, 'done');
      return found;
    });
  }

  #follow(node: Node | null): Node | null {
    return isAlias(node) ? this.#yaml.target(node) : node;
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

  #list(pair: ParsedPair): readonly FoundList[] {
    const offset = pair.key.range?.[0] ?? 0;
    const key = isScalar(pair.key) ? pair.key.value : null;
    if (key !== 'allow' && key !== 'passthrough') {
      this.#unknownKey(offset, String(isScalar(pair.key) ? pair.key.value : pair.key));
      return [];
    }
    const value = this.#follow(pair.value);
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
        entries: value.items.flatMap((item, index) => this.#entry(item as Node, key, index)),
      },
    ];
  }

  #unknownKey(offset: number, key: string): void {
    const { line } = this.#lines.linePos(offset);
    const why = `parse egress policy file ${this.#path}: yaml: unmarshal errors: line ${line}: field ${key} not found in type egress.PolicyFile`;
    this.error(offset, why, 'the only keys are `allow` and `passthrough`');
  }

  #entry(node: Node, list: ListName, index: number): Entry[] {
    const offset = node.range?.[0] ?? 0;
    const item = this.#follow(node);
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

/** Whether a key is a merge: a plain `<<`, or one with the merge tag. In quotes it is an ordinary key. */
const isMerge = ({ key }: ParsedPair): boolean =>
  isScalar(key) &&
  key.value === '<<' &&
  (key.tag === 'tag:yaml.org,2002:merge' || (key.type === 'PLAIN' && key.tag === undefined));
