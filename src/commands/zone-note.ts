import { zoneNote, type SourceOptions } from '../reading/selection.ts';
import { note } from './output.ts';

/** Notes on stderr that `--since` or `--until` has no time zone, and which one is used. */
export function tellZone(
  options: Pick<SourceOptions, 'since' | 'until'>,
  tell: (text: string) => void = note,
): void {
  const text = zoneNote(options);
  if (text !== null) tell(text);
}
