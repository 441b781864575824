import { createRequire } from 'node:module';
import type * as tldts from 'tldts';

type SuffixList = typeof tldts;

let list: SuffixList | null = null;

/** The Public Suffix List. Loaded when it is first asked: that takes 10 ms, which no first frame waits for. */
export function suffixList(): SuffixList {
  list ??= createRequire(import.meta.url)('tldts') as SuffixList; // what a CommonJS package gives has no type
  return list;
}
