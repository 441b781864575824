import type { Key } from 'ink';
import { describe, expect, it } from 'vitest';
import { pressesOf } from '../../src/ui/key-name.ts';

/** A key as Ink tells of it. */
const key = (flags: Partial<Key> = {}): Key => ({
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
  ...flags,
});
const names = (input: string, flags: Partial<Key> = {}) =>
  pressesOf(input, key(flags)).map(({ name }) => name);

describe('a key is named', () => {
  it.each([
    ['a', {}, 'a'],
    ['G', { shift: true }, 'G'],
    ['', { upArrow: true }, 'up'],
    ['', { pageDown: true }, 'pagedown'],
    ['', { home: true }, 'home'],
    ['', { return: true }, 'enter'],
    ['', { escape: true, meta: true }, 'esc'],
    ['', { tab: true }, 'tab'],
    ['', { tab: true, shift: true }, 'shift-tab'],
    ['', { backspace: true }, 'backspace'],
    ['', { delete: true }, 'delete'],
    ['d', { ctrl: true }, 'ctrl-d'],
    ['C', { ctrl: true }, 'ctrl-c'],
    ['é', {}, 'é'],
    ['😀', {}, '😀'],
  ])('%j with %j: %s', (input, flags, name) => {
    expect(names(input, flags)).toEqual([name]);
  });

  it('with the text it types, and none for a named one', () => {
    expect(pressesOf(' ', key())).toEqual([{ name: 'space', text: ' ' }]);
    expect(pressesOf('x', key())).toEqual([{ name: 'x', text: 'x' }]);
    expect(pressesOf('u', key({ ctrl: true }))).toEqual([{ name: 'ctrl-u', text: '' }]);
    expect(pressesOf('', key({ escape: true }))).toEqual([{ name: 'esc', text: '' }]);
  });

  it('a key that only Ink knows has no name', () => {
    expect(pressesOf('', key())).toEqual([]);
  });
});

describe('several keys in one read', () => {
  it('several keys in one read are separate keys', () => {
    expect(names('/ev l\r\t\u007f\u0004')).toEqual([
      '/',
      'e',
      'v',
      'space',
      'l',
      'enter',
      'tab',
      'backspace',
      'ctrl-d',
    ]);
  });

  it('keep their text and lose no character', () => {
    const typed = pressesOf('a 例😀', key()).map(({ text }) => text);
    expect(typed.join('')).toBe('a 例😀');
  });

  it('Esc and the key after it are two keys', () => {
    expect(names('q', { meta: true })).toEqual(['esc', 'q']);
  });
});
