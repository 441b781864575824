import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readCompleteness } from '../../../../src/systems/aasm/log/completeness.ts';

const FIXTURE = readFileSync(
  new URL('../../../fixtures/aasm-proxy.jsonl.completeness.json', import.meta.url),
  'utf8',
);

it.each([
  ['the fixture', FIXTURE, 'lossy', '3 dropped entries, 1 discarded segments'],
  ['a complete window', '{"window":"complete"}', 'complete', null],
  ['a missing window', '{}', 'lossy', null],
  ['a window of another word', '{"window":"mostly","write_failures":2}', 'lossy', '2 write failures'],
  ['a list', '[]', 'unknown', 'its completeness file is no JSON object'],
  ['half a file', '{"window":"comp', 'unknown', 'its completeness file is no JSON object'],
  ['no file', null, 'unknown', 'no completeness file beside it'],
])('%s', (_, text, type, why) => {
  expect(readCompleteness(text)).toEqual({ type, why });
});
