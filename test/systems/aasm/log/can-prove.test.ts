import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/core/event.ts';
import { aasm } from '../../../../src/systems/aasm/index.ts';

/** The verdicts of a fixture's decisions that could prove an edit of the policy file. */
function proving(name: string): readonly string[] {
  const lines = readFileSync(new URL(`../../../fixtures/${name}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  const events = lines.map(line =>
    aasm.decode(JSON.parse(line) as JsonObject, { source: name, agent: null }),
  );
  const found = events.filter(event => event.verdict !== null && aasm.activation.canProve?.(event));
  return [...new Set(found.map(({ verdict }) => String(verdict)))].sort();
}

it('what the proxy lets through proves no edit: it does not read the file; nor does what is replayed', () => {
  expect(proving('aasm-proxy.jsonl')).toEqual(['deny']);
  expect(proving('aasm-gateway-chain.jsonl')).toContain('allow');
  expect(proving('aasm-replay.jsonl')).toEqual([]);
});
