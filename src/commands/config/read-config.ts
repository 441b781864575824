import { readFile } from 'node:fs/promises';
import { errorCode, faultOf } from '../../core/file-error.ts';
import type { Problem } from '../../core/problem.ts';
import { StrictYaml, type YamlNode } from '../../systems/policy-text/strict-yaml.ts';
import { KEY_NAMES, readKey } from '../../app/keys/spell-key.ts';
import { readThemes } from './read-themes.ts';
import { SETTINGS, type Setting } from './settings.ts';

/** A value in the file, with its line and column from 1. */
export interface SetValue {
  readonly value: boolean | string | readonly string[];
  readonly line: number;
  readonly column: number;
}

/** The settings of the configuration by key, and its problems. */
export interface Config {
  readonly path: string;
  readonly exists: boolean;
  readonly values: ReadonlyMap<string, SetValue>;
  readonly problems: readonly Problem[];
}

const MANUAL = 'egresstop help config shows the form of the file';
const FORM = { what: 'the configuration is a YAML map of settings', manual: MANUAL };
/** The largest configuration that is read, in bytes. */
const LARGEST = 262_144;

/** Reads the configuration. A missing file sets nothing. An invalid setting is reported and ignored. */
export async function readConfig(path: string): Promise<Config> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => error);
  if (typeof text === 'string') return { path, exists: true, ...parseConfig(text, path) };
  const code = errorCode(text);
  if (code === 'ENOENT') return { path, exists: false, values: new Map(), problems: [] };
  const why = `the configuration cannot be read: ${faultOf(code ?? 'EIO', 'read').why}`;
  const problem: Problem = { source: path, line: null, column: null, severity: 'error', why, remedy: MANUAL };
  return { path, exists: true, values: new Map(), problems: [problem] };
}

/** Parses a configuration. Unknown keys and values are problems. `path` names the file in them. */
export function parseConfig(written: string, path: string): Pick<Config, 'values' | 'problems'> {
  if (written.replace(/#.*/g, '').trim() === '') return { values: new Map(), problems: [] };
  const text = new StrictYaml(written.length > LARGEST ? '' : written, path, FORM);
  if (written.length > LARGEST) text.error(0, `a configuration has at most ${LARGEST} characters`);
  const values = new Map<string, SetValue>();
  if (text.root !== null) readPart(text, text.root, { before: '', values });
  return { values, problems: text.problems };
}

const KEY_FORM = `a key is one character, ctrl- and a letter, or one of ${KEY_NAMES.join(', ')}`;

interface Part {
  /** The path of keys to this point, with a dot at its end. */
  readonly before: string;
  readonly values: Map<string, SetValue>;
}

function readPart(text: StrictYaml, node: YamlNode, { before, values }: Part): void {
  const known = SETTINGS.filter(({ key }) => key.startsWith(before));
  const names = [...new Set(known.map(({ key }) => key.slice(before.length).split('.')[0] ?? ''))];
  const what = before === '' ? 'the configuration' : before.slice(0, -1);
  for (const { key, value } of text.entries(node, what, names)) {
    const setting = known.find(other => other.key === before + key);
    if (setting) readSetting(text, value, { setting, values });
    else if (text.isMap(value)) readPart(text, value, { before: `${before}${key}.`, values });
    else text.error(value, `${key} must be a map of keys and values`);
  }
}

function readSetting(
  text: StrictYaml,
  node: YamlNode,
  { setting, values }: { readonly setting: Setting; readonly values: Map<string, SetValue> },
): void {
  if (setting.kind === 'themes') return setThemes(text, node, values);
  const value = valueOf(text, node, setting);
  if (value !== null) values.set(setting.key, { value, ...text.placeOf(node) });
}

/** Stores the names of the themes as one setting, and each of their styles as another. */
function setThemes(text: StrictYaml, node: YamlNode, values: Map<string, SetValue>): void {
  const themes = readThemes(text, node);
  for (const { key, value, node: at } of themes.values) values.set(key, { value, ...text.placeOf(at) });
  if (themes.names.length > 0 || (text.isMap(node) && text.problems.length === 0))
    values.set('themes', { value: themes.names, ...text.placeOf(node) });
}

function valueOf(text: StrictYaml, node: YamlNode, { key, kind }: Setting): SetValue['value'] | null {
  if (kind === 'texts' || kind === 'themes') {
    if (!text.isList(node)) {
      text.error(node, `${key} must be a list of texts`);
      return null;
    }
    const all = text.items(node).map(item => text.text(item, `an item of ${key}`));
    return all.every(item => item !== null) ? all : null;
  }
  if (kind === 'keys') return keysOf(text, node, key);
  if (kind === 'text') return text.text(node, key);
  if (kind !== 'truth') return text.word(node, key, kind);
  const word = text.word(node, key, ['true', 'false']);
  return word === null ? null : word === 'true';
}

/** The keys of an action, each with a name that terminals can send. Null for an invalid one, which is reported. */
function keysOf(text: StrictYaml, node: YamlNode, key: string): readonly string[] | null {
  const items = text.items(node);
  if (items.length === 0) text.error(node, `${key} must name at least one key`);
  const keys = items.map(item => keyIn(text, item, key));
  return keys.length > 0 && keys.every(found => found !== null) ? [...new Set(keys)] : null;
}

function keyIn(text: StrictYaml, node: YamlNode, key: string): string | null {
  const name = text.text(node, `an item of ${key}`);
  if (name === null) return null;
  const read = readKey(name);
  if ('key' in read) return read.key;
  text.error(node, `${key}: ${read.why}`, KEY_FORM);
  return null;
}
