import { expect, it } from 'vitest';
import { describeFault, type Problem } from '../../src/core/problem.ts';

const problem = (known: Partial<Problem>): Problem => ({
  source: 'a.jsonl',
  line: null,
  column: null,
  severity: 'error',
  why: 'why',
  remedy: null,
  ...known,
});

it.each([
  [{}, 'a.jsonl: why'],
  [{ line: 3 }, 'a.jsonl:3: why'],
  [{ line: 3, column: 5 }, 'a.jsonl:3:5: why'],
  [{ line: 3, behind: { count: 10 } }, 'a.jsonl:13: why'],
  [{ line: 3, behind: { count: null } }, 'a.jsonl:?+3: why'],
  [{ source: 'sbx:' }, 'sbx: why'],
  [{ source: 'sbx:', line: 2 }, 'sbx:2: why'],
])('the place of the problem %j is told with one colon at each step', (known, expected) => {
  expect(describeFault(problem(known))).toBe(expected);
});
