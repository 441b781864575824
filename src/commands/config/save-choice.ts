import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ConfigChoice } from '../../app/state/preferences.ts';
import type { Notice } from '../../app/state/state.ts';
import { spellView } from '../../app/state/views.ts';
import { Failure } from '../../core/failure.ts';
import { errorCode, faultOf } from '../../core/file-error.ts';
import type { ListChange } from '../../core/policy/dialect.ts';
import { describeProblem } from '../../core/problem.ts';
import { applyChanges } from '../../policy-file/splice/splice.ts';
import type { Places } from '../../systems/system.ts';
import { AtomicFile } from '../atomic-file.ts';
import { configPath } from './config-path.ts';
import { parseConfig } from './read-config.ts';

/** Saves a choice in the configuration. Comments and other lines stay. A file with a mistake is not written. */
export async function saveChoice(
  choice: ConfigChoice,
  places: Pick<Places, 'home' | 'env'>,
): Promise<Notice> {
  const path = configPath(places);
  if (path === null) return not('this machine has no home folder: set XDG_CONFIG_HOME');
  const before = await readFile(path, 'utf8').catch((error: unknown) => error);
  if (typeof before !== 'string' && errorCode(before) !== 'ENOENT')
    return not(`${path}: ${faultOf(errorCode(before) ?? 'EIO', 'read').why}`);
  const text = typeof before === 'string' ? before : '';
  const after = withChoice(text, choice, path);
  if (after.type === 'refused') return not(`${after.why} (${path} stays as it is)`);
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await AtomicFile.writeWhole(path, after.text);
  } catch (error) {
    if (!(error instanceof Failure) && errorCode(error) === null) throw error;
    return not(error instanceof Failure ? error.message : `${path} cannot be written`);
  }
  return { text: `saved in ${path}`, tone: 'allow' };
}

const not = (why: string): Notice => ({ text: `kept for this run, not saved: ${why}`, tone: 'warn' });

type Chosen =
  { readonly type: 'spliced'; readonly text: string } | { readonly type: 'refused'; readonly why: string };

/** The text of a configuration with the choice. */
export function withChoice(text: string, choice: ConfigChoice, path: string): Chosen {
  const { values, problems } = parseConfig(text, path);
  const [problem] = problems;
  if (problem) return { type: 'refused', why: describeProblem(problem) };
  const key = choice.type === 'columns' ? `columns.${choice.screen}` : 'views';
  const listed = values.get(key)?.value;
  const standing = Array.isArray(listed) ? (listed as readonly string[]) : [];
  const wanted = choice.type === 'columns' ? choice.columns : [spellView(choice.view)];
  const isReplaced = (item: string): boolean =>
    choice.type === 'columns' || item.split('=')[0]?.trim() === choice.view.name;
  const place = key.split('.');
  const changes: readonly ListChange[] = [
    ...wanted.map(value => ({ type: 'add' as const, path: place, value, comment: null })),
    ...standing.flatMap((item, index) =>
      isReplaced(item) ? [{ type: 'remove' as const, path: place, index }] : [],
    ),
  ];
  return applyChanges(text, 'yaml', changes);
}
