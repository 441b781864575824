import { describe, expect, it } from 'vitest';
import type { Policy, Ruling } from '../../../src/core/policy/dialect.ts';
import type { Verdict } from '../../../src/core/event.ts';
import type { ReplayedAction } from '../../../src/core/what-if/replayed-action.ts';
import { Simulation, type RecordedAction } from '../../../src/core/what-if/simulation.ts';

/** Rules by the host's first label, which is the verdict; under the matcher `lax` allows all. */
const policy: Policy = {
  entries: [],
  nearest: () => null,
  judge: ({ host }, { matcher = 'own' } = {}): Ruling => {
    const verdict = matcher === 'lax' ? 'allow' : (host?.split('.')[0] as Verdict);
    const notes = host?.includes('unresolved') ? [`${host} was not resolved`] : [];
    return { verdict, interception: null, entry: null, reason: `because ${verdict}`, notes };
  },
  judgeTool: tool =>
    tool === 'shell'
      ? { verdict: 'deny', interception: null, entry: null, reason: 'tool denied by policy' }
      : null,
};
const allowsAll: Policy = { ...policy, judge: attempt => policy.judge(attempt, { matcher: 'lax' }) };

const request = (host: string): ReplayedAction => ({
  type: 'request',
  label: `net:GET:https://${host}/`,
  attempt: { host, address: null },
});
const recorded = (action: ReplayedAction, verdict: Verdict | null = null): RecordedAction => ({
  action,
  verdict,
  host: action.type === 'request' ? action.attempt.host : null,
  reason: 'recorded',
});
const simulation = (question: Partial<ConstructorParameters<typeof Simulation>[0]> = {}): Simulation =>
  new Simulation({ policy, options: {}, otherMatchers: [], other: null, ...question });

describe('every event is one outcome, numbered from 0', () => {
  it.each<[ReplayedAction, string, string]>([
    [request('allow.example'), 'allow', 'because allow'],
    [request('deny.example'), 'deny', 'because deny'],
    [request('pending.example'), 'requires_approval', 'because pending'],
    [request('would-deny.example'), 'allow', 'because would-deny'],
    [{ type: 'tool-call', label: 'tool:shell', tool: 'shell' }, 'deny', 'tool denied by policy'],
    [{ type: 'tool-call', label: 'tool:x', tool: 'x' }, 'allow', 'not ruled on by this policy'],
    [{ type: 'other', label: 'file:Write:/etc/shadow' }, 'allow', 'not ruled on by this policy'],
    [{ type: 'unreadable', label: '(unparseable: X)', why: 'no JSON' }, 'error', 'no JSON'],
  ])('%j', (action, decision, reason) => {
    const run = simulation();
    expect(run.rule(recorded(action))).toEqual({ index: 0, action: action.label, decision, reason });
    expect(run.total).toBe(1);
  });

  it('lines that hold none and events that a filter leaves out use up a number, too', () => {
    const run = simulation();
    run.skip();
    expect(run.fail(7, 'a.jsonl:7: not JSON')).toEqual({
      index: 1,
      action: '(unparseable: line 7)',
      decision: 'error',
      reason: 'a.jsonl:7: not JSON',
    });
    expect(run.rule(recorded(request('deny.example'))).index).toBe(2);
    expect(run.counts).toEqual({ allow: 0, deny: 1, requires_approval: 0, error: 1 });
  });
});

it('a policy without a say on tools lets them through, and that is counted', () => {
  const { judgeTool: _, ...silent } = policy;
  const run = simulation({ policy: silent });
  run.rule(recorded({ type: 'tool-call', label: 'tool:shell', tool: 'shell' }));
  expect(run).toMatchObject({ counts: { allow: 1 }, notRuledOn: 1 });
});

it('counts beside: what only shadow mode lets through, what could not be looked at, what other matchers say', () => {
  const run = simulation({ otherMatchers: ['lax'] });
  run.rule(recorded(request('would-deny.example')));
  run.rule(recorded(request('deny.unresolved.example')));
  run.rule(recorded(request('deny.also.unresolved.example')));
  run.rule(recorded(request('allow.example')));
  expect(run.wouldDeny).toBe(1);
  expect(run.notes.ranked()).toEqual([['the name was not resolved', 2]]);
  expect([...run.differing]).toEqual([['lax', 3]]);
});

it('compares with what was decided at the time, where anything was', () => {
  const run = simulation();
  run.rule(recorded(request('deny.example'), 'allow'));
  run.rule(recorded(request('deny.example'), 'error'));
  run.rule(recorded(request('allow.example'), 'deny'));
  run.rule(recorded(request('deny.example'), 'deny'));
  run.rule(recorded(request('deny.example'), null));
  expect(run.changes).toMatchObject({ compared: 4, changed: 3 });
  expect(run.changes.ranked()[0]).toMatchObject({
    name: 'deny.example',
    was: 'allow',
    now: 'deny',
    events: 2,
  });
});

it('compares with another policy on every event, tool calls among them', () => {
  const { judgeTool: _, ...other } = allowsAll;
  const run = simulation({ other: { policy: other, options: {} } });
  run.rule(recorded(request('deny.example')));
  run.rule(recorded(request('allow.example')));
  run.rule(recorded({ type: 'tool-call', label: 'tool:shell', tool: 'shell' }));
  expect(run.comparison).toMatchObject({ compared: 3, changed: 2 });
  expect(run.comparison?.ranked()).toEqual([
    {
      name: 'deny.example',
      was: 'allow',
      now: 'deny',
      wasReason: 'because allow',
      nowReason: 'because deny',
      events: 1,
    },
    {
      name: 'tool:shell',
      was: 'allow',
      now: 'deny',
      wasReason: null,
      nowReason: 'tool denied by policy',
      events: 1,
    },
  ]);
});
