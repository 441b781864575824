import type { Node } from 'jsonc-parser';
import { TextReading } from '../../policy-text/text-reading.ts';
import { membersOf, type Member } from '../../policy-text/json-text.ts';

/** One pass over one text, with the typed values of its members. */
export class Reading extends TextReading {
  isBroken = false;

  /** Errors that leave no policy. */
  override error(offset: number, why: string, remedy: string): void {
    this.isBroken = true;
    super.error(offset, why, remedy);
  }

  /** Errors that OrcaRouter refuses to save, and by which it still rules. */
  refusal(offset: number, why: string, remedy: string): void {
    super.error(offset, why, remedy);
  }

  /** The keys of an object by name. One that stands there twice, or that nobody knows, is an error. */
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

  /** The value where it has that type; null where it is absent or null; an error and null otherwise. */
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

  /** One of the words; null where it is absent or none of them, which is an error. */
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
