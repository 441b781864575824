import { zoneNote, type SourceOptions } from '../reading/selection.ts';
import { note } from './output.ts';

/** Tells on stderr, in one line, that `--since` or `--until` names no zone and which one was taken. */
export function tellZone(
  options: Pick<SourceOptions, 'since' | 'until'>,
  tell: (text: string) => void = note,
): void {
  const text = zoneNote(options);
  if (text !== null) tell(text);
}
