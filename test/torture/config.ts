import { defineConfig } from 'vitest/config';
import { readSources } from '../source-tree.ts';
import { isShort } from './scale.ts';

/** The property tests that an everyday run tries less often. A short torture leaves them to it. */
const sizedTests = readSources('test')
  .filter(({ path, imports }) => path.endsWith('.test.ts') && imports.includes('test/runs.ts'))
  .map(({ path }) => path);

/** Torture runs one file after another: each wants the machine for itself. */
export default defineConfig({
  test: {
    include: ['test/torture/**/*.torture.ts', ...(isShort ? [] : sizedTests)],
    env: { EGRESSTOP_ALL_RUNS: '1' },
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 60_000,
    reporters: ['verbose', './test/torture/last-line.ts'],
  },
});
