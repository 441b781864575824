import { expect, it } from 'vitest';
import { Names } from '../../../src/core/traffic/names.ts';

it('a name keeps its number for as long as somebody holds it, and is forgotten by the last to drop it', () => {
  const names = new Names();
  const [one, other, again] = [names.hold('a'), names.hold('b'), names.hold('a')];
  expect([again, names.find('b'), names.find('c')]).toEqual([one, other, 0]);
  names.drop(one);
  expect([names.find('a'), names.nameOf(one)]).toEqual([one, 'a']);
  names.drop(one);
  expect([names.find('a'), names.nameOf(one), names.nameOf(other)]).toEqual([0, '', 'b']);
});

it('a number nobody holds is given to a new name', () => {
  const names = new Names();
  const first = names.hold('a');
  names.drop(first);
  expect([names.hold('b'), names.nameOf(first), names.find('a')]).toEqual([first, 'b', 0]);
});
