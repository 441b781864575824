import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Standing } from '../../../src/core/fleet/policy-report.ts';
import { isAsFar, progressOf, standingWords, type Standings } from '../../../src/core/fleet/standings.ts';

const standing = (...all: readonly Standing[]): Standings => ({
  chain: ['v1'],
  machines: new Map(all.map((each, index) => [`m${index}`, { standing: each, detail: '' }])),
});

it.each<readonly [readonly Standing[], string, string]>([
  [[], 'pending 0/0', 'no machine has reported on this policy'],
  [['pending'], 'pending 0/1', '1 pending of 1 machine'],
  [['pending', 'saved'], 'saved 1/2', '1 saved, 1 pending of 2 machines'],
  [['saved', 'confirmed'], 'confirmed 1/2', '1 confirmed, 1 saved of 2 machines'],
  [['confirmed', 'confirmed'], 'confirmed 2/2', '2 confirmed of 2 machines'],
  [['confirmed', 'drifted'], 'confirmed 1/2', '1 drifted, 1 confirmed of 2 machines'],
  [['rejected', 'waiting'], 'pending 0/2', '1 rejected, 1 waiting of 2 machines'],
])('machines that are %j came to %s, told as %s', (all, progress, words) => {
  const { stage, count, of } = progressOf(standing(...all));
  expect([`${stage} ${count}/${of}`, standingWords(standing(...all))]).toEqual([progress, words]);
});

const anyStanding = fc.constantFrom<Standing>(
  'pending',
  'waiting',
  'saved',
  'acknowledged',
  'confirmed',
  'rejected',
  'refused',
  'drifted',
);

it('a machine that gets further never takes a progress back, and no more machines are counted than there are', () => {
  const steps: readonly Standing[] = ['pending', 'saved', 'acknowledged', 'confirmed'];
  fc.assert(
    fc.property(fc.array(anyStanding, { minLength: 1 }), fc.nat(), (all, which) => {
      const index = which % all.length;
      const at = steps.indexOf(all[index] ?? 'pending');
      fc.pre(at >= 0 && at < steps.length - 1);
      const [before, after] = [
        progressOf(standing(...all)),
        progressOf(standing(...all.with(index, steps[at + 1] ?? 'pending'))),
      ];
      expect(isAsFar(after, before)).toBe(true);
      expect(after.count).toBeLessThanOrEqual(all.length);
    }),
  );
});
