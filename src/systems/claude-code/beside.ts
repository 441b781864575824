import { resolve } from 'node:path';
import { isError } from '../../core/problem.ts';
import type { Places, RuledTogether } from '../system.ts';
import { claudeDialectBeside } from './policy/dialect.ts';
import { readSettings } from './policy/read-settings.ts';
import type { SettingsFile } from './policy/settings-policy.ts';
import { projectOf, type Role, type RoleFile, settingsFiles, textOf } from './settings-files.ts';

/** A settings file, or why it could not be read. Claude Code ignores such a file too. */
interface OtherFile extends RoleFile {
  readonly file: SettingsFile | null;
}

/**
 * Combines a settings file with the others that Claude Code reads. Their lists are united; a switch has the value of the file with the
 * highest precedence.
 */
export async function ruledTogether(path: string, places: Places): Promise<RuledTogether> {
  const all = await settingsFiles(projectOf(path, places), places);
  const at = all.findIndex(file => resolve(file.path) === resolve(path));
  const role = all[at]?.role ?? roleOf(path);
  const others = await Promise.all(all.filter((_, index) => index !== at).map(read));
  const isHigher = ({ role: other }: OtherFile): boolean => RANK[other] > RANK[role];
  const filesOf = (of: readonly OtherFile[]): readonly SettingsFile[] =>
    of.flatMap(({ file }) => (file === null ? [] : [file]));
  return {
    dialect: claudeDialectBeside({
      higher: filesOf(others.filter(isHigher)),
      lower: filesOf(others.filter(other => !isHigher(other))),
      isManaged: role === 'managed',
    }),
    files: [`${path}: ${WORDS[role]}, the file that is judged`, ...others.map(told)],
  };
}

/** The role of a settings file. A file with another name, such as one of `--settings`, takes precedence over those of the project. */
const roleOf = (path: string): Role => {
  if (/managed-settings/.test(path)) return 'managed';
  if (path.endsWith('settings.local.json')) return 'local';
  return /[/\\]\.claude[/\\]settings\.json$/.test(path) ? 'project' : 'local';
};

const RANK: Readonly<Record<Role, number>> = { managed: 3, local: 2, project: 1, user: 0 };

const WORDS: Readonly<Record<Role, string>> = {
  managed: 'managed settings, above all others',
  local: 'local settings of the project',
  project: 'settings of the project',
  user: 'settings of the user',
};

async function read({ path, role }: RoleFile): Promise<OtherFile> {
  const text = await textOf(path);
  const settings = text === null ? null : readSettings(text, path);
  const isSound = settings !== null && !settings.problems.some(isError);
  return { path, role, file: isSound ? { settings, file: path, isManaged: role === 'managed' } : null };
}

function told({ path, role, file }: OtherFile): string {
  if (file === null) return `${path}: ${WORDS[role]}, left out: it cannot be read`;
  const [allow, deny] = (['allow', 'deny'] as const).map(
    name => file.settings.lists.find(list => list.name === name)?.entries.length ?? 0,
  );
  return `${path}: ${WORDS[role]}, united with it: ${allow} allowed, ${deny} denied`;
}
