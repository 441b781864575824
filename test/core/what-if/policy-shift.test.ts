import { describe, expect, it } from 'vitest';
import type { Entry, ListName } from '../../../src/core/policy/dialect.ts';
import { LIMITS } from '../../../src/core/limits.ts';
import { listPolicy } from '../../../src/core/policy/list-policy.ts';
import { policyShift, shiftBetween } from '../../../src/core/what-if/policy-shift.ts';
import { finished } from '../../../src/core/work.ts';
import { Traffic } from '../../../src/core/traffic/traffic.ts';
import { decision } from '../sample-events.ts';

const policy = (entries: Readonly<Partial<Record<ListName, readonly string[]>>>) =>
  listPolicy(
    Object.entries(entries).flatMap(([list, texts]) =>
      texts.map((text): Entry => ({ list: list as ListName, text, line: 1, column: 1, until: null })),
    ),
  );

function traffic(...events: readonly Parameters<typeof decision>[]): Traffic {
  const seen = new Traffic(LIMITS);
  for (const [verdict, known] of events) seen.add(decision(verdict, { system: 'microagent', ...known }), 0);
  return seen;
}

const OWN = { isOwnDenial: (_: string, reason: string | null) => reason !== 'volume cap' };

describe('what a second policy would do otherwise', () => {
  it('counts hosts it frees with the denials that were the policy’s own, by agent and tool', () => {
    const seen = traffic(
      ['deny', { host: 'a.example', agent: 'research', tool: 'fetch' }],
      ['deny', { host: 'a.example', agent: 'builder', tool: 'fetch' }],
      ['deny', { host: 'a.example', agent: 'builder', tool: 'fetch', reason: 'volume cap' }],
      ['deny', { host: 'b.example', agent: 'builder' }],
    );
    const shift = finished(
      policyShift(seen, { before: policy({}), after: policy({ allow: ['a.example'] }), ...OWN }),
    );
    expect(shift).toMatchObject({ freed: { hosts: 1, denials: 2 }, refused: { hosts: 0 }, otherwise: 0 });
    expect([...shift.agents]).toEqual([
      ['research', { freed: 1, refused: 0 }],
      ['builder', { freed: 1, refused: 0 }],
    ]);
    expect([...shift.tools]).toEqual([['fetch', { freed: 2, refused: 0 }]]);
  });

  it('counts hosts it refuses with the decisions that were let through', () => {
    const seen = traffic(
      ['allow', { host: 'a.example', agent: 'research' }],
      ['deny', { host: 'a.example', agent: 'builder' }],
      ['allow', { host: 'a.example', agent: 'builder' }],
    );
    const shift = finished(
      policyShift(seen, { before: policy({ allow: ['a.example'] }), after: policy({}), ...OWN }),
    );
    expect(shift.refused).toEqual({ hosts: 1, passed: 2 });
    expect(shift.agents.get('builder')).toEqual({ freed: 0, refused: 1 });
  });

  it('tells a host whose TLS alone is treated otherwise apart', () => {
    const seen = traffic(['allow', { host: 'a.example' }]);
    const shift = finished(
      policyShift(seen, {
        before: policy({ allow: ['a.example'] }),
        after: policy({ passthrough: ['a.example'] }),
        ...OWN,
      }),
    );
    expect(shift).toMatchObject({ freed: { hosts: 0 }, refused: { hosts: 0 }, otherwise: 1 });
  });

  it('a decision without a host is never judged as the host -', () => {
    const seen = traffic(['deny', { host: null }]);
    const shift = finished(
      policyShift(seen, { before: policy({}), after: policy({ allow: ['-'] }), ...OWN }),
    );
    expect(shift.freed.hosts).toBe(0);
  });

  it('two policies do not differ where only another entry decides', () => {
    const [one, other] = [policy({ allow: ['a.example'] }), policy({ allow: ['.a.example'] })];
    const attempt = { host: 'a.example', address: null };
    expect(shiftBetween(one.judge(attempt), other.judge(attempt))).toBeNull();
  });
});
