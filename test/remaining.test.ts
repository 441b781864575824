import { expect, it } from 'vitest';
import { findings, RULES } from './house-rules.ts';
import { REMAINING } from './remaining.ts';
import { readSources } from './source-tree.ts';

it.each(RULES)('the list of what still breaks the rule on %s holds nothing that is mended', rule => {
  const found = new Set(findings(rule, readSources('src'), readSources('test')));
  expect(REMAINING[rule].filter(remaining => !found.has(remaining))).toEqual([]);
});
