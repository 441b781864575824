import { isAbsolute, join } from 'node:path';

/** `$XDG_STATE_HOME/egresstop/journal.jsonl`, else below `~/.local/state`. A relative XDG path counts as unset, as its specification says. */
export function journalPath(stateHome: string | undefined, home: string): string {
  const state = stateHome !== undefined && isAbsolute(stateHome) ? stateHome : join(home, '.local', 'state');
  return join(state, 'egresstop', 'journal.jsonl');
}
