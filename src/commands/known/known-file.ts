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

/** The default path: `$XDG_STATE_HOME/egresstop/known.jsonl`, beside the journal. */
export const knownPath = (): string => join(dirname(ownJournal()), 'known.jsonl');

/** The hosts in the file by agent, and a warning about damaged lines. */
interface ReadKnown {
  readonly known: HostsByAgent;
  readonly damage: Problem | null;
}

/** Reads the file. A missing file is empty. */
export async function readKnown(path = knownPath()): Promise<ReadKnown | Problem> {
  const distrusted = await judgeJournalPlace(path);
  if (distrusted) return distrusted;
  const found = await readText(path);
  if (found.type === 'missing') return { known: new Map(), damage: null };
  if (found.type !== 'text') return found.problem;
  const { known, damaged } = parseKnown(found.text);
  return { known, damage: damaged === 0 ? null : damageOf(path, damaged) };
}

/**
 * The warning about damaged lines. An agent whose line is lost has no past. The hosts in its log then become its past, so that none is new.
 */
const damageOf = (path: string, lines: number): Problem => ({
  source: path,
  line: null,
  column: null,
  severity: 'warning',
  why: `${plural(lines, 'line')} cannot be read: the hosts in them are forgotten`,
  remedy: 'their agents may count as never seen before',
});

/** Adds pairs to the file, and keeps those of other dashboards. Readers find the old file or the new one. */
export const addKnown = async (met: HostsByAgent, path = knownPath()): Promise<Problem | null> =>
  met.size === 0 ? null : changeKnown(past => joinKnown(past, met), path);

/** Changes the file under a lock. Returns a problem on failure. */
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
