import { parseLook, TONE_NAMES } from '../../core/theme/look.ts';
import { THEME_NAMES } from '../../core/theme/theme-name.ts';
import type { StrictYaml, YamlNode } from '../../systems/policy-text/strict-yaml.ts';

/** A value of a theme by the name of its setting, with its node for the place. */
export interface ThemeValue {
  readonly key: string;
  readonly value: string;
  readonly node: YamlNode;
}

const FORM = 'a look is a colour and forms, such as: #ff8800 bold underline, bright-red, or 208';

/** The themes of a configuration. A mistake is reported with its place and ignored. */
export function readThemes(
  text: StrictYaml,
  node: YamlNode,
): { readonly names: readonly string[]; readonly values: readonly ThemeValue[] } {
  const names: string[] = [];
  const values: ThemeValue[] = [];
  for (const { key: name, value: theme, offset } of text.entries(node, 'themes')) {
    if (THEME_NAMES.some(known => known === name)) {
      text.error(offset, `${name} is a theme already`, 'give it another name, and name it as its base');
      continue;
    }
    if (!/^[a-z][\w-]*$/i.test(name)) {
      text.error(offset, `${name} is no name of a theme`, 'letters, digits, _ and - make one');
      continue;
    }
    if (!text.isMap(theme)) {
      text.error(theme, `themes.${name} must be a map of tones and looks`);
      continue;
    }
    names.push(name);
    for (const { key: tone, value: look } of text.entries(theme, `themes.${name}`, ['base', ...TONE_NAMES])) {
      const key = `themes.${name}.${tone}`;
      const value = tone === 'base' ? text.word(look, key, THEME_NAMES) : lookIn(text, look, key);
      if (value !== null) values.push({ key, value, node: look });
    }
  }
  return { names, values };
}

function lookIn(text: StrictYaml, node: YamlNode, key: string): string | null {
  const words = text.text(node, key);
  if (words === null) return null;
  const look = parseLook(words);
  if (typeof look !== 'string') return words;
  text.error(node, `${key}: ${look}`, FORM);
  return null;
}
