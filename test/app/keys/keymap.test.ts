import { describe, expect, it } from 'vitest';
import { KEY_GROUPS, type KeyContext } from '../../../src/app/keys/binding.ts';
import { KEY_TABLE } from '../../../src/app/keys/key-table.ts';
import { contextOf, messageOf } from '../../../src/app/keys/keymap.ts';
import { openSession } from '../session.ts';

const CONTEXTS: readonly KeyContext[] = ['list', 'page', 'dialog', 'prompt'];
const PRINTABLE = Array.from({ length: 95 }, (_, index) => String.fromCodePoint(32 + index));

describe('the key table', () => {
  it.each(CONTEXTS)('binds no key twice in a %s', context => {
    const keys = KEY_TABLE.filter(binding => binding.contexts.includes(context)).flatMap(({ keys }) => keys);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  it('every key has a group and a help text', () => {
    for (const { keys, group, help } of KEY_TABLE) {
      expect(keys.every(key => key !== '')).toBe(true);
      expect(KEY_GROUPS).toContain(group);
      expect(help).not.toBe('');
    }
  });

  it('Ctrl-C leaves from everywhere', () => {
    const session = openSession();
    for (const keys of [[], ['?'], ['esc', 's'], ['esc', '/'], ['esc', ':']]) {
      session.press(...keys);
      expect(messageOf(session.state(), 'ctrl-c', '')).toEqual({ type: 'quit' });
    }
  });
});

describe('a key', () => {
  it.each([
    ['the filter', ['/']],
    ['the palette', [':']],
    ['a new entry', ['6', 'a']],
  ])('that can be printed is text in %s', (_, keys) => {
    const session = openSession();
    session.press(...keys);
    expect(contextOf(session.state())).toBe('prompt');
    for (const character of PRINTABLE)
      expect(messageOf(session.state(), character === ' ' ? 'space' : character, character)).toEqual({
        type: 'typed',
        text: character,
      });
  });

  it.each([
    ['backspace', 'backspace'],
    ['delete', 'delete'],
    ['left', 'left'],
    ['right', 'right'],
    ['home', 'home'],
    ['ctrl-a', 'home'],
    ['end', 'end'],
    ['ctrl-e', 'end'],
    ['ctrl-u', 'clear'],
    ['ctrl-w', 'erase-word'],
  ])('%s edits a prompt', (key, edits) => {
    const session = openSession();
    session.press('/');
    expect(messageOf(session.state(), key, '')).toEqual({ type: 'input-key', key: edits });
  });

  it('says nothing where it is not bound', () => {
    const session = openSession();
    for (const key of ['', 'k9', 'ctrl-k', 'constructor', '__proto__'])
      expect(messageOf(session.state(), key, '')).toBeNull();
    session.press('/');
    for (const key of ['ctrl-d', 'pageup', 'constructor', 'toString'])
      expect(messageOf(session.state(), key, '')).toBeNull();
  });

  it('leads only out while the terminal is too small to show what it does', () => {
    const session = openSession();
    session.press('6', 'a');
    session.tell({ type: 'resized', columns: 60, rows: 15 });
    for (const key of [...PRINTABLE.filter(key => key !== 'q'), 'enter', 'esc', 'tab'])
      expect(messageOf(session.state(), key, key)).toBeNull();
    expect(messageOf(session.state(), 'q', 'q')).toEqual({ type: 'quit' });
    expect(messageOf(session.state(), 'ctrl-z', '')).toEqual({ type: 'suspend-asked' });
  });
});
