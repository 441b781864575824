import { createScanner } from 'jsonc-parser';

const LINE_COMMENT = 12;
const BLOCK_COMMENT = 13;
const END = 17;

/**
 * A JSON text in which every offset stands where it stood, `//` comments begin with `#` and say nothing, and block comments and a byte
 * order mark are blanks: what the surgeons of bracketed lists can look around in.
 */
export function maskComments(text: string): string {
  const bare = text.replace(/^\uFEFF/, ' ');
  const scanner = createScanner(bare, false);
  let masked = '';
  for (let token: number = scanner.scan(); token !== END; token = scanner.scan()) {
    const own = bare.slice(scanner.getTokenOffset(), scanner.getTokenOffset() + scanner.getTokenLength());
    if (token === LINE_COMMENT) masked += `#${' '.repeat(own.length - 1)}`;
    else masked += token === BLOCK_COMMENT ? own.replaceAll(/[^\r\n]/g, ' ') : own;
  }
  return masked;
}
