import { fastTests } from './starts-processes.ts';
import base from './vitest.config.ts';

/**
 * The fast tests that start no process and open no pty. `test/starts-processes.ts` chooses them. They keep two cores busy by themselves.
 * Properties are tried less often than by `npm test`.
 */
export default {
  ...base,
  test: {
    ...base.test,
    include: [...fastTests()],
    maxWorkers: 2,
    setupFiles: ['test/runs.ts'],
    env: { ...base.test?.env, EGRESSTOP_FAST_RUNS: '1' },
  },
};
