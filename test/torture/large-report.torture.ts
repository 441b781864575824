import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fixturePath, machine } from '../commands/program.ts';
import { startProgram } from '../commands/start-program.ts';

const LOG = readFileSync(fixturePath('zeph-audit.jsonl'));
/** Beyond the size from which several threads count one file, where there are cores for them. */
const BYTES = 140 * 1_024 * 1_024;

it('the whole program counts a large log by its bytes as it does line by line', async () => {
  const here = machine();
  const block = Buffer.concat([Buffer.concat(Array<Buffer>(1_000).fill(LOG)), Buffer.from('not JSON\n')]);
  const log = here.write(
    'a.jsonl',
    Buffer.concat(Array<Buffer>(Math.ceil(BYTES / block.length)).fill(block)),
  );
  const fast = await startProgram(here, ['report', '--json', log]);
  const plain = await startProgram(here, ['report', '--json', '--filter', '', log]);
  expect(fast.code).toBe(0);
  expect(JSON.parse(fast.stdout)).toEqual(JSON.parse(plain.stdout));
});
