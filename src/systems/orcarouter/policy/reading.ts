import type { Node } from 'jsonc-parser';
import { TextReading } from '../../policy-text/text-reading.ts';
import { membersOf, type Member } from '../../policy-text/json-text.ts';

/** Reads one text, with typed values. */
export class Reading extends TextReading {
  isBroken = false;

  /** Reports an error that makes the policy unusable. */
  override error(offset: number, why: string, remedy: string): void {
    this.isBroken = true;
    super.error(offset, why, remedy);
  }

  /** Reports an error for which OrcaRouter refuses to save the policy. It still rules by such a policy. */
  refusal(offset: number, why: string, remedy: string): void {
    super.error(offset, why, remedy);
  }

  /** The keys of an object. A duplicate or unknown key is an error. */
  members(node: Node, known: ReadonlySet<string>, what: string): ReadonlyMap<string, Member> {
    const found = new Map<string, Member>();
    for (const member of membersOf(node)) {
      const { key, keyNode } = member;
      if (!known.has(key))
        this.error(keyNode.offset, `unknown key "${key}" in ${what}`, 'correct its spelling, or remove it');
      else if (found.has(key))
        this.error(
          keyNode.offset,
          `the key "${key}" stands there twice`,
          'remove one: a reader would silently take the last',
        );
      else found.set(key, member);
    }
    return found;
  }

  /** The value if it has that type. Null if it is missing or null; an error and null for another type. */
  typed(member: Member | undefined, type: 'string' | 'boolean' | 'number' | 'array' | 'object'): Node | null {
    if (!member || member.value.type === 'null') return null;
    if (member.value.type === type) return member.value;
    const article = type === 'array' || type === 'object' ? 'an' : 'a';
    this.error(
      member.value.offset,
      `"${member.key}" must be ${article} ${type}`,
      `write ${article} ${type} there`,
    );
    return null;
  }

  string(member: Member | undefined): string | null {
    const node = this.typed(member, 'string');
    return node === null ? null : String(node.value);
  }

  boolean(member: Member | undefined, absent: boolean): boolean {
    const node = this.typed(member, 'boolean');
    return node === null ? absent : node.value === true;
  }

  /** One of the words; null if it is missing. Any other value is an error and gives null. */
  word<Word extends string>(member: Member | undefined, words: readonly Word[]): Word | null {
    const text = this.string(member);
    const word = words.find(known => known === text) ?? null;
    if (member && text !== null && word === null)
      this.error(
        member.value.offset,
        `unknown "${member.key}": "${text}"`,
        `write one of ${words.map(known => `"${known}"`).join(', ')}`,
      );
    return word;
  }
}
