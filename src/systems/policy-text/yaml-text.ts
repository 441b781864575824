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

/** The deepest nesting of a policy. A hostile file with deeper nesting would exhaust the stack of the recursive parser. */
const DEEPEST = 100;
/** The lexer's mark before the text of a scalar, which may itself begin with a star. */
const SCALAR = '\x1f';
/** The most aliases. Nested aliases multiply, so that a few can stand for billions of nodes. */
const MOST_ALIASES = 1_000;

/** A parsed YAML text, or its faults with their places. */
export interface YamlText {
  /** Null for a text that was not parsed, because it has too many levels or aliases. */
  readonly document: Document | null;
  readonly faults: readonly { readonly offset: number; readonly why: string }[];
  /** The offset of a second document, which the system ignores; null without one. */
  readonly ignoredFrom: number | null;
  /** The node that an alias stands for; null if no earlier node has its name. */
  readonly target: (alias: Alias) => Node | null;
}

/**
 * Parses a YAML text as the strict readers of Go and Rust do: YAML 1.1 words such as `yes` are texts, and `<<` merges nothing. A text with
 * too many levels or aliases is not parsed. `takes`: whether the system refuses several documents, or ignores all but the first.
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

/** Keeps one fault at each place, because one unclosed bracket causes several. */
const apart = (faults: YamlText['faults']): YamlText['faults'] =>
  faults.filter(({ offset }, index) => faults.findIndex(other => other.offset === offset) === index);

/** The place where a text becomes too deep or has too many aliases; null for other texts. Runs without recursion. */
function excessIn(text: string): YamlText['faults'][number] | null {
  const parser = new Parser();
  let [aliases, before] = [0, ''];
  for (const lexeme of new Lexer().lex(text)) {
    for (const _ of parser.next(lexeme)); // complete tokens are not needed
    if (parser.stack.length > DEEPEST) return { offset: parser.offset, why: `nested deeper than ${DEEPEST}` };
    const isOne = lexeme.startsWith('*') && before !== SCALAR;
    before = lexeme;
    if (isOne && ++aliases > MOST_ALIASES)
      return { offset: parser.offset, why: `more than ${MOST_ALIASES} aliases` };
  }
  return null;
}

/** Resolves all aliases in one walk. An alias stands for the last earlier node of its name (YAML 1.2 §7.1). */
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
