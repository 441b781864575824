import type { SourceFile } from './source-tree.ts';

const MOST = 3;

/** Where a function, a method, or a constant that may be a function begins; its name stands in one of the groups. */
const DECLARATION =
  /(?:function\*?\s+(\w+)\s*(?:<[^(]*>)?|^\s+(?:(?:private|static|async|override)\s+)*\*?(#?\w+)\s*(?:<[^(]*>)?|\b(?:const|let)\s+(\w+)\s*(?::[^=\n]+)?=\s*(?:async\s*)?(?:<[^(]*>)?|^\s+(?:readonly\s+)?(#?\w+)\s*=\s*(?:async\s*)?)\(/gm;
const NO_NAMES = new Set(['if', 'for', 'while', 'switch', 'return', 'catch', 'super', 'await']);
const COMMENTS = /\/\*[^]*?\*\/|\/\/[^\n]*/g;

/** The functions with more than three positional parameters, as `path name`. */
export const longParameterLists = (files: readonly SourceFile[]): readonly string[] =>
  files.flatMap(({ path, text }) => {
    const code = text.replaceAll(COMMENTS, '');
    return [...code.matchAll(DECLARATION)].flatMap(match => {
      const name = match.slice(1).find(group => group !== undefined) ?? '';
      const start = match.index + match[0].length;
      return !NO_NAMES.has(name) && parametersAt(code, start) > MOST ? [`${path} ${name}`] : [];
    });
  });

/** The number of parameters in the brackets that begin before `start`; 0 where they hold no parameters. */
function parametersAt(code: string, start: number): number {
  let [depth, angles, count, end] = [1, 0, 1, start];
  for (; end < code.length && depth > 0; end += 1) {
    const character = code[end] ?? '';
    if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth -= 1;
    else if (character === '<') angles += 1;
    else if (character === '>' && code[end - 1] !== '=') angles = Math.max(0, angles - 1);
    else if (
      character === ',' &&
      depth === 1 &&
      angles === 0 &&
      !/^\s*\)/.test(code.slice(end + 1, end + 40))
    )
      count += 1;
  }
  const isDeclared = /^\s*(?::|\{|=>)/.test(code.slice(end, end + 40));
  return isDeclared && code.slice(start, end).includes(':') ? count : 0;
}

/** Functions that are called for each record or line: a record of their parameters would be made as often. */
export const HOT_LISTS: readonly string[] = [
  'src/core/traffic/denials.ts #kind',
  'src/core/traffic/denials.ts add',
  'src/core/traffic/denials.ts addMany',
  'src/core/traffic/denials.ts addNamed',
  'src/core/traffic/host-row.ts deniedBy',
  'src/core/traffic/row-store.ts count',
  'src/core/traffic/row-store.ts deny',
  'src/core/traffic/row-store.ts denyMany',
  'src/core/traffic/row-store.ts merge',
  'src/core/traffic/row-store.ts mergeRuled',
  'src/core/traffic/row-store.ts rule',
  'src/core/traffic/tallies.ts add',
  'src/reading/by-bytes/scan/kernel/add-up.ts addTo',
  'src/reading/by-bytes/scan/kernel/names.ts keep',
  'src/reading/by-bytes/scan/kernel/scan-lines.ts learnEnd',
  'src/reading/by-bytes/scan/kernel/values.ts note',
  'src/sources/lines/line-splitter.ts sliceLines',
];
