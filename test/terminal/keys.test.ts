import { expect, it } from 'vitest';
import { bytesOfKey } from './keys.ts';

it.each([
  ['ctrl-a', '\x01'],
  ['ctrl-[', '\x1b'],
  ['shift-tab', '\x1b[Z'],
  ['alt-up', '\x1b\x1b[A'],
  ['-', '-'],
  ['é', 'é'],
  ['😀', '😀'],
])('%s is sent as xterm sends it', (key, bytes) => {
  expect(bytesOfKey(key)).toBe(bytes);
});

it.each(['', 'jj', 'Enter', 'ctrl-', 'ctrl-1', 'alt-', 'constructor'])('%j is no key', key => {
  expect(() => bytesOfKey(key)).toThrow('no key is named');
});
