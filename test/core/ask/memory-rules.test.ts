import { describe, expect, it } from 'vitest';
import { MemoryRules, type MemoryRule } from '../../../src/core/ask/memory-rules.ts';

const rule = (fields: Partial<MemoryRule>): MemoryRule => ({
  id: 'r1',
  host: 'a.example',
  port: 443,
  agent: 'builder',
  verdict: 'allow',
  by: 'me',
  at: 0,
  until: null,
  ...fields,
});

describe('rules in memory', () => {
  it('a rule holds for its host, port and agent alone', () => {
    const rules = new MemoryRules(8);
    rules.add(rule({}));
    const subject = { host: 'a.example', port: 443, agent: 'builder' };
    expect(rules.find(subject, 1)?.id).toBe('r1');
    for (const other of [{ host: 'b.example' }, { port: 80 }, { agent: null }, { agent: 'other' }])
      expect(rules.find({ ...subject, ...other }, 1)).toBeNull();
  });

  it('a rule is over at its end, and is told then', () => {
    const rules = new MemoryRules(8);
    rules.add(rule({ until: 1000 }));
    rules.add(rule({ id: 'r2', host: 'b.example' }));
    expect(rules.nextEnd).toBe(1000);
    expect(rules.find(rule({}), 999)?.id).toBe('r1');
    expect(rules.find(rule({}), 1000)).toBeNull();
    expect(rules.expire(1000).map(({ id }) => id)).toEqual(['r1']);
    expect(rules.list(1000).map(({ id }) => id)).toEqual(['r2']);
    expect(rules.nextEnd).toBeNull();
  });

  it('a newer rule replaces one of the same subject, and the oldest goes where there are too many', () => {
    const rules = new MemoryRules(2);
    rules.add(rule({ id: 'r1' }));
    rules.add(rule({ id: 'r2', verdict: 'deny' }));
    expect(rules.list(0).map(({ id }) => id)).toEqual(['r2']);
    rules.add(rule({ id: 'r3', host: 'b.example' }));
    rules.add(rule({ id: 'r4', host: 'c.example' }));
    expect(rules.list(0).map(({ id }) => id)).toEqual(['r3', 'r4']);
  });

  it('a rule is taken back by its id, once', () => {
    const rules = new MemoryRules(2);
    rules.add(rule({}));
    expect(rules.remove('r2')).toBeNull();
    expect(rules.remove('r1')?.host).toBe('a.example');
    expect(rules.remove('r1')).toBeNull();
    expect(rules.find(rule({}), 0)).toBeNull();
  });
});
