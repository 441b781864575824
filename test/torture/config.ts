import { defineConfig } from 'vitest/config';

/** Torture runs one file after another: each wants the machine for itself. */
export default defineConfig({
  test: {
    include: ['test/torture/**/*.torture.ts'],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 60_000,
    reporters: ['verbose', './test/torture/last-line.ts'],
  },
});
