import type { Standing } from './policy-report.ts';
import type { Rollout, VerifiedValue } from './policy-value.ts';

/** The waves as an operator named them; all other machines are the last one. */
export const wavesOf = (named: readonly (readonly string[])[]): readonly (readonly string[])[] =>
  named.at(-1)?.includes('*') ? named : [...named, ['*']];

/** The value that began a rollout, given a chain oldest first whose last value is a part of it. */
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

/** The next wave of a rollout; null where all machines are reached. A halted one goes on with the wave at which it stopped. */
export function nextWave(rollout: Rollout): Rollout | null {
  if (rollout.isHalted) return { ...rollout, isHalted: false };
  return rollout.wave + 1 < rollout.waves.length ? { ...rollout, wave: rollout.wave + 1 } : null;
}

/** Whether a machine of a wave that was reached has the text, so that the next wave may come. */
export const hasText = (standing: Standing): boolean =>
  standing === 'saved' || standing === 'acknowledged' || standing === 'confirmed';

/** `wave 2 of 3`, and whether it stands still. */
export const rolloutWords = ({ wave, waves, isHalted }: Rollout): string =>
  `wave ${wave + 1} of ${waves.length}${isHalted ? ', halted' : ''}`;
