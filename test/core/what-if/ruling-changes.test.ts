import { describe, expect, it } from 'vitest';
import { effectOf, RulingChanges, type RulingEffect } from '../../../src/core/what-if/ruling-changes.ts';

const rulings = (name: string, was: RulingEffect, now: RulingEffect) => ({
  name,
  was,
  now,
  wasReason: was,
  nowReason: now,
});

describe('what is ruled differently', () => {
  it('changed rulings are counted by host and direction, most first, with the reasons of the first', () => {
    const changes = new RulingChanges();
    changes.add(rulings('a.example', 'allow', 'allow'));
    changes.add(rulings('b.example', 'allow', 'deny'));
    changes.add(rulings('c.example', 'deny', 'allow'));
    changes.add({ ...rulings('c.example', 'deny', 'allow'), wasReason: 'another' });
    expect(changes).toMatchObject({ compared: 4, changed: 3 });
    expect(changes.ranked()).toEqual([
      { ...rulings('c.example', 'deny', 'allow'), events: 2 },
      { ...rulings('b.example', 'allow', 'deny'), events: 1 },
    ]);
    expect(changes.directions()).toEqual([
      { was: 'deny', now: 'allow', events: 2 },
      { was: 'allow', now: 'deny', events: 1 },
    ]);
  });

  it('over the limit, hosts are folded into one row and nothing is lost from the sums', () => {
    const changes = new RulingChanges(2);
    for (const name of ['a', 'b', 'c', 'd', 'a']) changes.add(rulings(name, 'allow', 'deny'));
    expect(changes.changed).toBe(5);
    expect(changes.ranked().map(({ name, events }) => [name, events])).toEqual([
      ['(other)', 2],
      ['a', 2],
      ['b', 1],
    ]);
  });
});

it('shadow mode and a later failure let through', () => {
  expect((['allow', 'deny', 'would-deny', 'pending', 'error'] as const).map(effectOf)).toEqual([
    'allow',
    'deny',
    'allow',
    'pending',
    'allow',
  ]);
});
