import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const MODULE = fileURLToPath(new URL('../../src/commands/young-generation.ts', import.meta.url));

/** Half of the objects outlive some collections, as the newest events of a log do; tells the young generation's MB at the end. */
const program = (prelude: string): string => `
  import { getHeapSpaceStatistics } from 'node:v8';
  ${prelude}
  const kept = [];
  for (let count = 0; count < 6e6; count += 1) {
    kept.push({ count, list: [count] });
    if (kept.length > 400_000) kept.length = 0;
  }
  console.log(getHeapSpaceStatistics().find(space => space.space_name === 'new_space').space_size / 2 ** 20);`;

const megabytes = (prelude: string): number =>
  Number(execFileSync(process.execPath, ['--input-type=module', '--eval', program(prelude)]));

it('the young generation stays at 32 MB, where it would have grown beyond that', () => {
  const bounded = `import { boundYoungGeneration } from ${JSON.stringify(MODULE)}; boundYoungGeneration();`;
  expect([megabytes('') > 32, megabytes(bounded) <= 32]).toEqual([true, true]);
});
