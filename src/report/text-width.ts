import { createRequire } from 'node:module';
import type stringWidth from 'string-width';

const ASCII = /^[\x20-\x7e]*$/;

let measure: typeof stringWidth | null = null;

/** Loaded at the first name that is not ASCII: its regular expressions take 30 ms. */
function loaded(): typeof stringWidth {
  const { default: width } = createRequire(import.meta.url)('string-width') as {
    readonly default: typeof stringWidth; // what is required has no type
  };
  return width;
}

/** Columns that a terminal needs for a visible text. */
export const textWidth = (text: string): number =>
  ASCII.test(text) ? text.length : (measure ??= loaded())(text);
