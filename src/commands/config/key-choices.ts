import { keyMistake } from '../../app/keys/check-keys.ts';
import type { KeyChoice } from '../../app/state/key-choice.ts';
import type { Problem } from '../../core/problem.ts';
import type { Config, SetValue } from './read-config.ts';

const BEFORE = 'keys.';
const REMEDY = 'egresstop help keys lists the actions and their keys';

/** The keys that the file assigns to actions. An invalid choice is reported with its place, and the action keeps its default keys. */
export function keyChoices({ values, path }: Pick<Config, 'values' | 'path'>): {
  readonly keys: KeyChoice;
  readonly problems: readonly Problem[];
} {
  const chosen = new Map<string, SetValue>();
  for (const [key, value] of values) if (key.startsWith(BEFORE)) chosen.set(key.slice(BEFORE.length), value);
  const problems: Problem[] = [];
  for (;;) {
    const keys = Object.fromEntries(
      [...chosen].map(([action, { value }]) => [action, [value].flat().map(String)]),
    );
    const mistake = keyMistake(keys);
    const place = mistake && chosen.get(mistake.action);
    if (!mistake || !place) return { keys, problems };
    const { line, column } = place;
    problems.push({ source: path, line, column, severity: 'error', why: mistake.why, remedy: REMEDY });
    chosen.delete(mistake.action);
  }
}
