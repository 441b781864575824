import { expect, it } from 'vitest';
import { firstSystem } from '../../src/reading/first-system.ts';
import { SYSTEMS } from '../../src/systems/index.ts';
import { fixturePath } from '../commands/program.ts';

it.each([
  ['microagent-egress.jsonl', 'microagent'],
  ['zeph-audit.jsonl', 'zeph'],
  ['orcarouter-events.jsonl', 'orcarouter'],
  ['aasm-proxy.jsonl', 'aasm'],
  ['README.md', undefined],
  ['not-there.jsonl', undefined],
])('the first record of %s names the system of its log', async (name, system) => {
  const found = await firstSystem([{ type: 'path', path: fixturePath(name) }], SYSTEMS);
  expect(found?.name).toBe(system);
});
