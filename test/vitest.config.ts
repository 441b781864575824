import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    // No test leaves anything behind in its process; a fresh one and all modules anew for each file cost a fifth of the whole time.
    isolate: false,
    // Most tests wait for a program or a socket: one worker a core on small machines, where the default keeps one core for watching.
    maxWorkers: 2,
    // The programs that tests start share what was compiled, else each start would strip and compile its modules anew.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') },
    // whole programs, signals and sockets on a machine that others use too: there a failure has to repeat itself
    retry: process.env['CI'] ? 1 : 0,
    // longer than what a test waits for by itself, so that it is the test which tells what did not come about
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
