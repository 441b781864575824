import { classSign, literalSign } from '../../policy-text/expression-signs.ts';

/** Translates a glob of the crate globset into a regular expression; null for an invalid glob. A star also matches dots. */
export function globExpression(glob: string): string | null {
  let source = '';
  let depth = 0;
  for (let at = 0; at < glob.length; at += 1) {
    const sign = glob[at] ?? '';
    if (sign === '*') source += '.*';
    else if (sign === '?') source += '.';
    else if (sign === '{') [source, depth] = [`${source}(?:`, depth + 1];
    else if (sign === '}' && depth > 0) [source, depth] = [`${source})`, depth - 1];
    else if (sign === '}') return null;
    else if (sign === ',' && depth > 0) source += '|';
    else if (sign === '\\') {
      at += 1;
      if (at === glob.length) return null;
      source += literalSign(glob[at] ?? '');
    } else if (sign === '[') {
      const found = classAt(glob, at);
      if (found === null) return null;
      [source, at] = [source + found.source, found.end];
    } else source += literalSign(sign);
  }
  return depth === 0 ? source : null;
}

/** The character class that begins at an offset, and the offset of its closing bracket. */
function classAt(glob: string, start: number): { readonly source: string; readonly end: number } | null {
  const isNegated = glob[start + 1] === '!' || glob[start + 1] === '^';
  const from = start + (isNegated ? 2 : 1);
  const end = glob.indexOf(']', from + 1); // a bracket in the first place is literal
  if (end === -1) return null;
  const signs = glob.slice(from, end);
  const ranges = [...signs.matchAll(/(.)-(.)|./gsu)].map(([whole, first, last]) => {
    if (first === undefined || last === undefined) return classSign(whole);
    return first <= last ? `${classSign(first)}-${classSign(last)}` : null;
  });
  return ranges.includes(null) ? null : { source: `[${isNegated ? '^' : ''}${ranges.join('')}]`, end };
}
