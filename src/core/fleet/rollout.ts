import type { Standing } from './policy-report.ts';
import type { Rollout, VerifiedValue } from './policy-value.ts';

/** The waves that an operator named. All other machines form the last wave. */
export const wavesOf = (named: readonly (readonly string[])[]): readonly (readonly string[])[] =>
  named.at(-1)?.includes('*') ? named : [...named, ['*']];

/** The first value of the rollout that the last value of the chain belongs to; null where it belongs to none. `chain` is oldest first. */
export function beginningOf(chain: readonly VerifiedValue[]): VerifiedValue | null {
  const last = chain.at(-1);
  if (!last?.value.rollout) return null;
  let beginning = last;
  for (const earlier of chain.slice(0, -1).reverse()) {
    const { rollout, text } = earlier.value;
    if (rollout === null || text !== last.value.text || rollout.wave > (beginning.value.rollout?.wave ?? 0))
      break;
    beginning = earlier;
  }
  return beginning;
}

/** The rollout at its next wave; null after the last. A halted rollout resumes its current wave. */
export function nextWave(rollout: Rollout): Rollout | null {
  if (rollout.isHalted) return { ...rollout, isHalted: false };
  return rollout.wave + 1 < rollout.waves.length ? { ...rollout, wave: rollout.wave + 1 } : null;
}

/** Whether a machine has the new text. The next wave may begin when the machines of this one have it. */
export const hasText = (standing: Standing): boolean =>
  standing === 'saved' || standing === 'acknowledged' || standing === 'confirmed';

/** The progress in words: `wave 2 of 3`, with `halted` where it is. */
export const rolloutWords = ({ wave, waves, isHalted }: Rollout): string =>
  `wave ${wave + 1} of ${waves.length}${isHalted ? ', halted' : ''}`;
