import { parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { beginsWithMark, jsonFault, WITHOUT_MARK } from '../../../core/policy/syntax-fault.ts';
import type { Entry, ListName } from '../../../core/policy/dialect.ts';
import { parseObject } from '../../../core/record.ts';
import { DEEPEST, tooDeepAt } from '../../policy-text/json-text.ts';
import { TextReading } from '../../policy-text/text-reading.ts';
import { ignoredPart, type FoundList, type FoundPolicy } from './policy-lists.ts';

/**
 * Reads a JSON policy text (no comments, no trailing commas) as Go's decoder does. Keys match in any letter case. Text behind the first
 * value is ignored.
 */
export function readJson(text: string, path: string): FoundPolicy {
  const end = firstValueEnd(text);
  const reading = new Reading(end === null ? text : text.slice(0, end), path);
  const root = reading.root();
  const lists = root ? reading.lists(root) : [];
  if (end === null) return { lists, problems: reading.problems };
  const rest = end + (text.slice(end).match(/^\s*/)?.[0].length ?? 0);
  const place = new TextReading(text, path).place(rest);
  const ignored = ignoredPart('value', { source: path, ...place });
  return { lists, problems: [...reading.problems, ignored], ignoredFrom: place.line };
}

/** The offset of the end of the first value if more text follows; else null. Null also if the text is no JSON object. */
function firstValueEnd(text: string): number | null {
  if (tooDeepAt(text) !== null) return null;
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  if (errors.length === 0 || root?.type !== 'object') return null;
  const end = root.offset + root.length;
  const isWhole = errors.every(({ offset }) => offset >= end) && parseObject(text.slice(0, end)) !== null;
  return isWhole ? end : null;
}

class Reading extends TextReading {
  /** The object in the text; null for anything else. */
  root(): Node | null {
    const parse = `parse egress policy file ${this.path}`;
    if (this.text.trim() === '') {
      this.error(0, `${parse}: EOF`, 'write `{"allow": []}` for a policy that lists nothing');
      return null;
    }
    if (beginsWithMark(this.text)) {
      const why = `${parse}: json: the file begins with a byte order mark`;
      this.error(0, why, WITHOUT_MARK);
      return null;
    }
    const deep = tooDeepAt(this.text);
    if (deep !== null) {
      this.error(deep, `${parse}: json: nested deeper than ${DEEPEST}`, 'mend the JSON there');
      return null;
    }
    const errors: ParseError[] = [];
    const root = parseTree(this.text, errors, { disallowComments: true, allowTrailingComma: false });
    const [broken] = errors;
    if (broken) {
      const fault = jsonFault(this.text, { ...broken, code: printParseErrorCode(broken.error) });
      this.error(
        fault.offset,
        `${parse}: json: ${fault.why}`,
        'strict JSON has no comments and no trailing commas',
      );
    }
    if (errors.length > 0 || !root) return null;
    if (root.type === 'object') return root;
    const why = 'a policy is an object with the lists `allow` and `passthrough`';
    this.error(root.offset, why, 'put the entries under "allow"');
    return null;
  }

  lists(root: Node): readonly FoundList[] {
    const lists: FoundList[] = [];
    for (const { children: [keyNode, value] = [] } of root.children ?? []) {
      if (!keyNode || !value) continue;
      const list = this.#list(keyNode, value, lists);
      if (list) lists.push(list);
    }
    return lists;
  }

  /** A list of the policy. Null for any other value, which is an error. `before` are the lists above it. */
  #list(keyNode: Node, value: Node, before: readonly FoundList[]): FoundList | null {
    const key = String(keyNode.value);
    const name = key.toLowerCase();
    if (name !== 'allow' && name !== 'passthrough') {
      const why = `parse egress policy file ${this.path}: json: unknown field "${key}"`;
      this.error(keyNode.offset, why, 'the only keys are "allow" and "passthrough"');
      return null;
    }
    if (before.some(list => list.name === name)) {
      const why = `the key "${key}" stands there twice`;
      this.error(keyNode.offset, why, 'join the two lists: a reader would silently take the last');
      return null;
    }
    if (value.type === 'array')
      return {
        name,
        key,
        entries: (value.children ?? []).flatMap((item, at) => this.#entry(item, name, at)),
      };
    if (value.type === 'null') return { name, key, entries: [] };
    this.error(value.offset, `"${key}" must be a list of names`, `write "${key}": ["name"]`);
    return null;
  }

  #entry(item: Node, list: ListName, index: number): readonly Entry[] {
    if (item.type !== 'string') {
      this.error(item.offset, `${list}[${index}] is not a text`, 'write a name in double quotes');
      return [];
    }
    const text = String(item.value);
    if (text.trim() === '') {
      const why = `egress policy file ${this.path}: ${list}[${index}] is empty`;
      this.error(item.offset, why, 'remove the entry or write a name');
      return [];
    }
    return [{ list, text, ...this.place(item.offset), until: null }];
  }
}
