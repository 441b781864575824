import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';
import { LONG_TESTS } from './long-tests.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    // A long test runs where it is named.
    exclude: [...configDefaults.exclude, ...LONG_TESTS.filter(path => !process.argv.includes(path))],
    // No test leaves anything behind in its process. A fresh process for each file would take a fifth more time.
    isolate: false,
    // Compiled modules are kept between runs: compiling took a quarter of a fast run.
    fsModuleCache: true,
    // Most tests wait for a program or a socket: two workers leave a third of two cores idle.
    maxWorkers: 3,
    // The programs that tests start share one compile cache.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') },
    // Longer than the deadlines within a test, so that the test itself reports what did not happen.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
