import { describe, expect, it } from 'vitest';
import { Roster } from '../../src/mediator/roster.ts';

describe('a roster', () => {
  it('holds who entered and has not left, and counts a second leaving once', () => {
    const roster = new Roster<{ name: string }>();
    const leaves = ['a', 'b', 'c'].map(name => roster.enter({ name }));
    leaves[1]?.();
    leaves[1]?.();
    roster.enter({ name: 'd' });
    leaves[1]?.(); // another has the place now
    expect(Array.from(roster, ({ name }) => name)).toEqual(['a', 'd', 'c']);
    expect(roster.size).toBe(3);
  });
});
