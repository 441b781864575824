import { LONG_TESTS } from './long-tests.ts';
import base from './vitest.config.ts';

/** The long tests, which an everyday run leaves out. */
export default { ...base, test: { ...base.test, include: [...LONG_TESTS], exclude: [] } };
