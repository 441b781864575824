import { describe, expect, it } from 'vitest';
import { listPolicy } from '../../../src/core/policy/list-policy.ts';
import { effectWords, fleetEffect, type FleetUse } from '../../../src/core/what-if/fleet-effect.ts';
import { freshDenials } from '../../../src/core/what-if/fresh-denials.ts';

const use = (machine: string, host: string, known: Partial<FleetUse> = {}): FleetUse => ({
  machine,
  host,
  tool: null,
  verdict: 'deny',
  count: 1,
  last: 100,
  ...known,
});

const policy = (...hosts: readonly string[]): ReturnType<typeof listPolicy> =>
  listPolicy(hosts.map((text, index) => ({ list: 'allow', text, line: index + 1, column: 1, until: null })));

describe('the effect of an edit on a fleet', () => {
  it('an edit names the hosts that it frees, their denials, and the machines that had them', () => {
    const uses = [
      use('m1', 'a.example', { count: 1_000 }),
      use('m2', 'a.example', { count: 200, tool: 'fetch' }),
      use('m2', 'b.example', { count: 7 }),
      use('m3', 'a.example', { verdict: 'allow', count: 9 }),
    ];
    const effect = fleetEffect(uses, { before: policy(), after: policy('a.example'), machines: 5 });
    expect(effectWords(effect)).toEqual(['lets through 1 host, 1,200 past denials, on 2 of 5 machines']);
  });

  it('an edit names the hosts that it would deny, and how often they were let through', () => {
    const uses = [
      use('m1', 'a.example', { verdict: 'allow', count: 3 }),
      use('m1', 'a.example', { count: 2 }),
    ];
    const effect = fleetEffect(uses, { before: policy('a.example'), after: policy(), machines: 1 });
    expect(effectWords(effect)).toEqual(['denies 1 host that was let through 3 times, on 1 of 1 machine']);
  });

  it('an edit that changes nothing seen says nothing', () => {
    const effect = fleetEffect([use('m1', 'a.example')], {
      before: policy(),
      after: policy('b.example'),
      machines: 1,
    });
    expect(effectWords(effect)).toEqual([]);
  });
});

describe('fresh denials', () => {
  it('a host counts on the machines that used it lately and are denied it since, and on no other', () => {
    const uses = [
      use('m1', 'a.example', { verdict: 'allow', last: 80 }),
      use('m1', 'a.example', { last: 120 }),
      use('m2', 'a.example', { verdict: 'allow', last: 10 }),
      use('m2', 'a.example', { last: 120 }),
      use('m3', 'a.example', { verdict: 'allow', last: 80 }),
      use('m3', 'a.example', { last: 99 }),
      use('m4', 'b.example', { last: 120 }),
    ];
    expect(freshDenials(uses, { since: 100, usedSince: 50 })).toEqual([
      { host: 'a.example', machines: ['m1'] },
    ]);
  });
});
