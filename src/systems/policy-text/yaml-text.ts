import {
  isAlias,
  isCollection,
  isScalar,
  isPair,
  Lexer,
  Parser,
  parseDocument,
  type Alias,
  type Document,
  type LineCounter,
  type Node,
} from 'yaml';
import { yamlFault } from '../../core/policy/syntax-fault.ts';

/** Nested deeper than this, no policy is: and a recursive parser would run out of stack on what a hostile file nests. */
const DEEPEST = 100;
/** The lexer's mark before the text of a scalar, which may begin with a star of its own. */
const SCALAR = '\x1f';
/** Each alias may stand for most of the file: a few of a few make billions. */
const MOST_ALIASES = 1_000;

/** A YAML text as the systems that read policies load it, or where and why it is no such text. */
export interface YamlText {
  /** Null for a text that was not even parsed. */
  readonly document: Document | null;
  readonly faults: readonly { readonly offset: number; readonly why: string }[];
  /** Where a second document begins that the reader ignores; null where there is none. */
  readonly ignoredFrom: number | null;
  /** The node that an alias stands for; null where nothing by its name stands before it. */
  readonly target: (alias: Alias) => Node | null;
}

/**
 * A YAML text as Go's and Rust's strict readers take it: YAML 1.1 words are texts, `<<` merges nothing. One that is nested too deep, or
 * made of aliases, is not even parsed. `takes` says what the system's reader makes of several documents: it refuses them, or ignores all but
 * the first.
 */
export function parseYaml(
  text: string,
  lineCounter: LineCounter,
  takes: 'one document' | 'the first document' = 'one document',
): YamlText {
  const excess = excessIn(text);
  if (excess) {
    for (const start of [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)])
      lineCounter.addNewLine(start);
    return { document: null, faults: [excess], ignoredFrom: null, target: () => null };
  }
  const document = parseDocument(text, {
    lineCounter,
    keepSourceTokens: true,
    version: '1.1',
    schema: 'core',
    merge: false,
  });
  const second = document.errors.find(({ code }) => code === 'MULTIPLE_DOCS');
  const isIgnored = second !== undefined && takes === 'the first document';
  const errors = document.errors.filter(error => !isIgnored || error !== second);
  const faults = apart(
    errors.map(({ pos, code, message }) => yamlFault(text, { offset: pos[0], code, message })),
  );
  const targets = new Map<Alias, Node | null>();
  if (faults.length === 0) findTargets(document.contents, new Map(), targets);
  const ignoredFrom = isIgnored ? second.pos[0] : null;
  return { document, faults, ignoredFrom, target: alias => targets.get(alias) ?? null };
}

/** One bracket that is not closed makes several faults at the same place. */
const apart = (faults: YamlText['faults']): YamlText['faults'] =>
  faults.filter(({ offset }, index) => faults.findIndex(other => other.offset === offset) === index);

/** Where a text goes too deep, or has too many aliases; null for all others. Nothing here recurses. */
function excessIn(text: string): YamlText['faults'][number] | null {
  const parser = new Parser();
  let [aliases, before] = [0, ''];
  for (const lexeme of new Lexer().lex(text)) {
    for (const _ of parser.next(lexeme)); // what is complete is of no interest
    if (parser.stack.length > DEEPEST) return { offset: parser.offset, why: `nested deeper than ${DEEPEST}` };
    const isOne = lexeme.startsWith('*') && before !== SCALAR;
    before = lexeme;
    if (isOne && ++aliases > MOST_ALIASES)
      return { offset: parser.offset, why: `more than ${MOST_ALIASES} aliases` };
  }
  return null;
}

/** An alias stands for the last node of its name before it (YAML 1.2 §7.1): found for all of them in one walk. */
function findTargets(node: unknown, anchors: Map<string, Node>, targets: Map<Alias, Node | null>): void {
  if (isPair(node)) {
    findTargets(node.key, anchors, targets);
    findTargets(node.value, anchors, targets);
  } else if (isAlias(node)) {
    targets.set(node, anchors.get(node.source) ?? null);
  } else if (isCollection(node)) {
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    for (const item of node.items) findTargets(item, anchors, targets);
  } else if (isScalar(node) && node.anchor !== undefined) {
    anchors.set(node.anchor, node);
  }
}
