import type { AST } from 'toml-eslint-parser';

/** A key with its value: under a header, dotted, or in an inline table. */
export interface TomlPair {
  /** The full path, including indices of arrays of tables. */
  readonly path: readonly (string | number)[];
  readonly pair: AST.TOMLKeyValue;
}

/** Every pair of the document in order. The pairs of an inline table follow the pair that holds it. */
export const tomlPairs = (program: AST.TOMLProgram): readonly TomlPair[] =>
  program.body[0].body.flatMap(node =>
    node.type === 'TOMLTable'
      ? node.body.flatMap(pair => pairsOf(pair, node.resolvedKey))
      : pairsOf(node, []),
  );

function pairsOf(pair: AST.TOMLKeyValue, above: TomlPair['path']): readonly TomlPair[] {
  const path = [...above, ...pair.key.keys.map(key => (key.type === 'TOMLBare' ? key.name : key.value))];
  return pair.value.type === 'TOMLInlineTable'
    ? [{ path, pair }, ...pair.value.body.flatMap(inner => pairsOf(inner, path))]
    : [{ path, pair }];
}
