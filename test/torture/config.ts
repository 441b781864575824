import { defineConfig } from 'vitest/config';
import { LONG_TESTS } from '../long-tests.ts';
import { readSources } from '../source-tree.ts';

/** The property tests that an everyday run tries less often. */
const sizedTests = readSources('test')
  .filter(({ path, imports }) => path.endsWith('.test.ts') && imports.includes('test/runs.ts'))
  .map(({ path }) => path);

/** Torture runs one file after another: each wants the machine for itself. */
export default defineConfig({
  test: {
    include: ['test/torture/**/*.torture.ts', ...sizedTests, ...LONG_TESTS],
    env: { EGRESSTOP_ALL_RUNS: '1' },
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 60_000,
    reporters: ['verbose', './test/torture/last-line.ts'],
  },
});
