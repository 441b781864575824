import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { plural } from '../../core/grouped.ts';
import type { Problem } from '../../core/problem.ts';
import { joinKnown, knownText, parseKnown, type HostsByAgent } from '../../core/known/known-hosts.ts';
import { judgeJournalPlace } from '../../policy-file/journal/journal-place.ts';
import { outsideFailure } from '../../policy-file/file-problem.ts';
import { NO_FILE, readText, revision } from '../../policy-file/read.ts';
import { holdFile } from '../../policy-file/writing/lock.ts';
import { replaceFile } from '../../policy-file/writing/replace-file.ts';
import { ownJournal } from '../places.ts';

/** `$XDG_STATE_HOME/egresstop/known.jsonl`, beside the journal. */
export const knownPath = (): string => join(dirname(ownJournal()), 'known.jsonl');

/** The hosts that the file holds by agent, and a warning where lines of it are damaged. */
interface ReadKnown {
  readonly known: HostsByAgent;
  readonly damage: Problem | null;
}

/** Reads the file; a missing one holds nothing. */
export async function readKnown(path = knownPath()): Promise<ReadKnown | Problem> {
  const distrusted = await judgeJournalPlace(path);
  if (distrusted) return distrusted;
  const found = await readText(path);
  if (found.type === 'missing') return { known: new Map(), damage: null };
  if (found.type !== 'text') return found.problem;
  const { known, damaged } = parseKnown(found.text);
  return { known, damage: damaged === 0 ? null : damageOf(path, damaged) };
}

/** An agent whose line is lost has no past: what its log holds then becomes its past, and nothing of it is new. */
const damageOf = (path: string, lines: number): Problem => ({
  source: path,
  line: null,
  column: null,
  severity: 'warning',
  why: `${plural(lines, 'line')} cannot be read: the hosts in them are forgotten`,
  remedy: 'their agents may count as never seen before',
});

/** Adds pairs to the file, whatever another dashboard has added meanwhile. A reader finds the old file or the new one. */
export const addKnown = async (met: HostsByAgent, path = knownPath()): Promise<Problem | null> =>
  met.size === 0 ? null : changeKnown(past => joinKnown(past, met), path);

/** Changes what the file holds while no other egresstop does; a problem where that is not possible. */
export async function changeKnown(
  change: (past: HostsByAgent) => HostsByAgent,
  path = knownPath(),
): Promise<Problem | null> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const past = await readKnown(path);
    if ('why' in past) return past;
  } catch (error) {
    return outsideFailure(error, path);
  }
  const done = await holdFile(path, async held => {
    const found = await readText(held.target);
    const text = found.type === 'text' ? found.text : '';
    return replaceFile(held, {
      text: knownText(change(parseKnown(text).known)),
      expectedRevision: found.type === 'text' ? revision(text) : NO_FILE,
    });
  });
  return done.type === 'failed' ? done.problem : null;
}
