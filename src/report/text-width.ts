import { createRequire } from 'node:module';
import type stringWidth from 'string-width';

const ASCII = /^[\x20-\x7e]*$/;

let measure: typeof stringWidth | null = null;

/** Loads string-width at the first name that is not ASCII, because its regular expressions take 30 ms to compile. */
function loaded(): typeof stringWidth {
  const { default: width } = createRequire(import.meta.url)('string-width') as {
    readonly default: typeof stringWidth; // `require` returns no type
  };
  return width;
}

/** The number of terminal columns of a visible text. */
export const textWidth = (text: string): number =>
  ASCII.test(text) ? text.length : (measure ??= loaded())(text);
