import { beginsWithMark, WITHOUT_MARK } from '../../core/policy/syntax-fault.ts';
import type { Node } from 'jsonc-parser';
import type { Entry } from '../../core/policy/dialect.ts';
import { membersOf, parseJsonText } from './json-text.ts';
import { TextReading } from './text-reading.ts';

/** A list in a settings file, or the place where it would be added. */
export interface SettingsList {
  readonly name: 'allow' | 'deny';
  readonly path: readonly string[];
  /** The line of its key; null if the file does not hold it. */
  readonly line: number | null;
  readonly entries: readonly Entry[];
}

/** A value in a settings file, with the place of its key. */
export interface SettingsValue {
  readonly key: string;
  readonly value: Node;
  readonly line: number;
  readonly column: number;
}

/** Reads the JSON settings of a product: lists of names and other values, with their places. Collects the problems. */
export class SettingsReading extends TextReading {
  readonly #root: Node | null;

  constructor(text: string, path: string, strictness: 'json' | 'jsonc') {
    super(text, path);
    this.#root = this.#parse(strictness);
  }

  /** Whether the text is a JSON object. */
  get isObject(): boolean {
    return this.#root !== null;
  }

  /** The list at a path. A value of another type on the way, or an item that is no text, is an error. */
  list(name: 'allow' | 'deny', path: readonly string[]): SettingsList {
    const found = this.value(path, 'error');
    const none: SettingsList = { name, path, line: found?.line ?? null, entries: [] };
    if (found === null) return none;
    if (found.value.type !== 'array') {
      const key = path.join('.');
      this.error(found.value.offset, `${key} must be a list of names`, `write "${path.at(-1)}": ["name"]`);
      return none;
    }
    return {
      ...none,
      entries: (found.value.children ?? []).flatMap((item, at) => this.#entry(item, none, at)),
    };
  }

  /** The value at a path; null without one. With `error`, a value of another type on the way is a problem. */
  value(path: readonly string[], obstacle: 'error' | 'ignore' = 'ignore'): SettingsValue | null {
    let node = this.#root;
    for (const [depth, key] of path.entries()) {
      if (node === null) return null;
      if (node.type !== 'object') {
        const at = path.slice(0, depth).join('.');
        if (obstacle === 'error')
          this.error(node.offset, `${at} must be an object`, `write "${path[depth - 1]}": {}`);
        return null;
      }
      const members = membersOf(node).filter(member => member.key === key);
      const [member, twin] = members;
      if (twin && obstacle === 'error') {
        const why = `the key "${key}" stands there twice`;
        this.error(twin.keyNode.offset, why, 'join the two: a reader takes the last alone');
      }
      if (!member) return null;
      if (depth === path.length - 1)
        return { key: path.join('.'), value: member.value, ...this.place(member.keyNode.offset) };
      node = member.value;
    }
    return null;
  }

  #parse(strictness: 'json' | 'jsonc'): Node | null {
    const bare = strictness === 'jsonc' ? this.text.replace(/^\uFEFF/, ' ') : this.text;
    const parsed = parseJsonText(bare, strictness);
    if (parsed.type === 'broken') {
      const remedy =
        strictness === 'json' ? 'strict JSON has no comments and no trailing commas' : 'mend the JSON there';
      this.error(parsed.offset, parsed.why, beginsWithMark(bare) ? WITHOUT_MARK : remedy);
      return null;
    }
    if (parsed.root.type === 'object') return parsed.root;
    this.error(parsed.root.offset, 'the settings must be a JSON object', 'write {} around them');
    return null;
  }

  #entry(item: Node, { name, path }: SettingsList, index: number): readonly Entry[] {
    if (item.type === 'string')
      return [{ list: name, text: String(item.value), ...this.place(item.offset), until: null }];
    this.error(item.offset, `${path.join('.')}[${index}] is not a text`, 'write a name in double quotes');
    return [];
  }
}
