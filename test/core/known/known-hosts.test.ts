import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  joinKnown,
  KNOWN_LIMITS,
  knownText,
  KnownHosts,
  parseKnown,
  type HostsByAgent,
} from '../../../src/core/known/known-hosts.ts';
import { ANY_CHARACTER } from '../../any-character.ts';

const pairs = (known: HostsByAgent): readonly string[] =>
  [...known].flatMap(([agent, hosts]) => [...hosts].map(host => `${agent} ${host}`)).sort();

const past = (entries: Readonly<Record<string, readonly string[]>>): HostsByAgent =>
  new Map(Object.entries(entries).map(([agent, hosts]) => [agent, new Set(hosts)]));

const yes = (): boolean => true;
const no = (): boolean => false;

describe('a host is new to its agent', () => {
  it('if the agent has a past without it, whenever it came and whoever else knows it', () => {
    const known = new KnownHosts();
    known.remember(past({ builder: ['docs.rs'], other: ['evil.example'] }));
    expect(known.meet('builder', 'docs.rs', yes)).toBe(false);
    expect(known.meet('builder', 'evil.example', no)).toBe(true);
    expect([known.isNew('builder', 'evil.example'), known.isNew('builder', 'docs.rs')]).toEqual([
      true,
      false,
    ]);
    expect(known.isNew('other', 'evil.example')).toBe(false);
  });

  it('if the agent has no past, only where it asks for the first time while somebody watches', () => {
    const known = new KnownHosts();
    known.remember(new Map());
    expect(known.meet('fresh', 'in-the-log.example', no)).toBe(false);
    expect(known.meet('fresh', 'now.example', yes)).toBe(true);
    expect([known.isNew('fresh', 'in-the-log.example'), known.isNew('fresh', 'now.example')]).toEqual([
      false,
      true,
    ]);
    expect([known.newsOf('fresh'), known.newsMet]).toEqual([1, 1]);
  });

  it('once: it is told the first time alone, and never before the past is known', () => {
    const known = new KnownHosts();
    expect(known.meet('builder', 'early.example', yes)).toBe(false);
    known.remember(past({ builder: ['docs.rs'] }));
    expect(known.meet('builder', 'a.example', no)).toBe(true);
    expect(known.meet('builder', 'a.example', no)).toBe(false);
  });

  it('no more pairs are held than the limits allow, however many an agent makes up', () => {
    const known = new KnownHosts();
    known.remember(new Map());
    for (let agent = 0; agent < 12; agent += 1)
      for (let host = 0; host < 5_500; host += 1) known.meet(`agent-${agent}`, `h${host}.example`, yes);
    expect(known.pairsMet).toBeLessThanOrEqual(KNOWN_LIMITS.pairs);
    expect(pairs(known.met).length).toBe(known.pairsMet);
  });
});

describe('the file of known hosts', () => {
  const name = fc.oneof(
    fc.string({ unit: ANY_CHARACTER, maxLength: 12 }),
    fc.constantFrom('a\nb', '"', '\u001b[31m', '__proto__'),
  );
  const some = fc.array(fc.tuple(name, name), { maxLength: 30 }).map(all => {
    const known = new Map<string, Set<string>>();
    for (const [agent, host] of all) known.set(agent, (known.get(agent) ?? new Set<string>()).add(host));
    return known;
  });

  it('gives back what was put into it, whatever the names hold', () => {
    fc.assert(
      fc.property(some, known => {
        const text = knownText(known);
        expect(text.split('\n')).toHaveLength(known.size + 1);
        expect(pairs(parseKnown(text).known)).toEqual(pairs(known));
      }),
    );
  });

  it('holds all that two dashboards put into it, in whichever order', () => {
    fc.assert(
      fc.property(some, some, some, (before, one, other) => {
        const both = joinKnown(joinKnown(before, one), other);
        expect(new Set(pairs(both))).toEqual(new Set([...pairs(before), ...pairs(one), ...pairs(other)]));
        expect(pairs(joinKnown(joinKnown(before, other), one))).toEqual(pairs(both));
      }),
    );
  });

  it('leaves out and counts what is no line of it', () => {
    fc.assert(fc.property(fc.string({ unit: ANY_CHARACTER }), text => void parseKnown(text)));
    const text =
      '{"agent":"a","hosts":["x"]}\nno json\n{"agent":1,"hosts":[]}\n{"agent":"b","hosts":[1]}\n{"agent":"b","hosts":["y"';
    expect(parseKnown(text)).toEqual({ known: past({ a: ['x'] }), damaged: 4 });
  });

  it('stays below its size, and lets go of the agents that were heard of longest ago', () => {
    const long = 'h'.repeat(KNOWN_LIMITS.nameLength - 6);
    const crowd = new Map(
      Array.from({ length: 30 }, (_, agent) => [
        `agent-${agent}`,
        new Set(Array.from({ length: 4_000 }, (__, host) => `${long}${host}`)),
      ]),
    );
    const kept = joinKnown(crowd, past({ 'agent-0': ['newest.example'] }));
    expect(Buffer.byteLength(knownText(kept))).toBeLessThan(7 * 1_024 * 1_024);
    expect(kept.get('agent-0')?.has('newest.example')).toBe(true);
    expect(kept.has('agent-1')).toBe(false);
  });
});

it('a forgotten host is new when its agent asks for it again, and sums alone do not bring it back', () => {
  const known = new KnownHosts();
  known.remember(new Map([['a', new Set(['x', 'y'])]]));
  known.forget(new Map([['a', new Set(['x'])]]));
  expect(known.isNew('a', 'y')).toBe(false);
  known.meetCounted('a', 'x');
  expect([known.newsMet, known.met.size]).toEqual([0, 0]);
  expect(known.meet('a', 'x', () => false)).toBe(true);
  expect(known.newsMet).toBe(1);
});

it('an agent of which everything is forgotten has no past, as before its first start', () => {
  const known = new KnownHosts();
  known.remember(new Map([['a', new Set(['x'])]]));
  known.forget(new Map([['a', new Set(['x'])]]));
  expect(known.meet('a', 'z', () => false)).toBe(false);
  expect(known.isNew('a', 'z')).toBe(false);
});
