import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { errorCode, faultOf } from '../../core/file-error.ts';
import { describeProblem } from '../../core/problem.ts';
import { visible } from '../../core/visible.ts';
import { toJson } from '../../report/inert-json.ts';
import { note, Output } from '../output.ts';
import { placesOf } from '../places.ts';
import { inYaml, keysInYaml } from './in-yaml.ts';
import { keyChoices } from './key-choices.ts';
import { themeProblems, THEME_VARIABLE } from './theme-choice.ts';
import { screenChoices } from './screen-choices.ts';
import { configPath } from './config-path.ts';
import { readConfig, type Config } from './read-config.ts';
import { SETTINGS } from './settings.ts';

/** The named file, else the default path. */
function pathOf(named: string | undefined): string {
  const path = named ?? configPath(placesOf(undefined));
  if (path === null)
    throw new Failure('this machine has no home folder: name a file, or set XDG_CONFIG_HOME');
  return path;
}

/** Writes a configuration file in which each setting is a comment with its default. An existing file is never changed. */
export async function initConfig(named: string | undefined): Promise<number> {
  const path = pathOf(named);
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, templateText(), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const code = errorCode(error) ?? 'EIO';
    if (code === 'EEXIST') throw new Failure(`${path} is there already; nothing was written`);
    throw new Failure(`${path} cannot be written: ${faultOf(code, 'write').why}`);
  }
  note(`created ${path} with every setting as a comment`);
  return 0;
}

/** The text of a new configuration, which sets nothing. */
export function templateText(): string {
  const lines = [
    '# egresstop: flags and the environment take precedence over this file. Remove a # to set a value.',
  ];
  let part = '';
  for (const { key, usual, help } of SETTINGS) {
    const [outer = '', inner] = key.split('.');
    if (inner !== undefined && outer !== part) lines.push(`# ${outer}:`);
    part = outer;
    lines.push(`# ${inner === undefined ? outer : `  ${inner}`}: ${usual}   # ${help}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Prints the problems of a configuration. Exit 1 if there are any. */
export async function checkConfig(
  named: string | undefined,
  { json }: { readonly json?: true },
): Promise<number> {
  const config = await readConfig(pathOf(named));
  const problems = [
    ...config.problems,
    ...screenChoices(config).problems,
    ...keyChoices(config).problems,
    ...themeProblems(config),
  ];
  const output = new Output();
  if (json) await output.text(`${toJson({ file: config.path, exists: config.exists, problems }, 2)}\n`);
  else {
    for (const problem of problems) await output.line(visible(describeProblem(problem)));
    if (problems.length === 0)
      await output.line(visible(`${config.path}: ${config.exists ? 'valid' : 'not there: nothing is set'}`));
  }
  await output.flush();
  return problems.length > 0 ? 1 : 0;
}

/** Environment variables that take precedence over the file. */
const VARIABLES: Readonly<Record<string, string>> = { theme: THEME_VARIABLE };

/** Prints each setting with its value and the origin of the value. */
export async function showConfig({ json }: { readonly json?: true }): Promise<number> {
  const config = await readConfig(pathOf(undefined));
  const rows = [
    ...SETTINGS.map(({ key, usual }) => effective(key, usual, config)),
    ...[...config.values.keys()].filter(isLook).map(key => effective(key, '', config)),
  ];
  const output = new Output();
  if (json) await output.text(`${toJson(rows, 2)}\n`);
  else for (const { key, value, from } of rows) await output.line(visible(`${key}: ${value}   # ${from}`));
  await output.flush();
  return 0;
}

/** Whether a setting is one style of a theme in the file. */
const isLook = (key: string): boolean => key.startsWith('themes.');

interface EffectiveSetting {
  readonly key: string;
  /** The value as YAML. */
  readonly value: string;
  readonly from: string;
}

function effective(key: string, usual: string, { values, path }: Config): EffectiveSetting {
  const variable = VARIABLES[key];
  const told = variable === undefined ? undefined : process.env[variable];
  if (told !== undefined) return { key, value: told, from: `the environment, ${variable}` };
  const set = values.get(key);
  if (!set) return { key, value: usual, from: 'default' };
  return {
    key,
    value: key.startsWith('keys.') ? keysInYaml([set.value].flat().map(String)) : inYaml(set.value),
    from: `${path}:${set.line}`,
  };
}
