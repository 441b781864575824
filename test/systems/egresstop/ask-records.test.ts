import { describe, expect, it } from 'vitest';
import { Traffic } from '../../../src/core/traffic/traffic.ts';
import { egresstop } from '../../../src/systems/egresstop/index.ts';

const origin = { source: 'audit.jsonl', agent: null };
const common = {
  mediator: 'egresstop',
  ts: '2026-11-20T10:00:00.000Z',
  host: 'new.example',
  agent: 'builder',
  tool: 'curl',
  correlation_id: 'a-1',
  question: '3fa9c1-7',
};
const ASK = { ...common, event: 'egress_ask', port: 443, reason: 'not allowlisted' };
const ANSWER = {
  ...common,
  event: 'egress_answer',
  port: 443,
  answer: 'deny',
  for: 'run',
  by: 'me',
  via: 'x',
};
const DECISION = {
  ...common,
  event: 'egress_deny',
  reason: 'denied for this run by me',
  asked: true,
  waited_ms: 7,
};

describe('the records of a question', () => {
  it('an attempt that was asked about counts once, by its decision', () => {
    const traffic = new Traffic();
    for (const record of [ASK, ANSWER, DECISION]) traffic.add(egresstop.decode(record, origin), 0);
    const { total, deny, pending } = traffic.totals;
    expect({ total, deny, pending }).toEqual({ total: 1, deny: 1, pending: 0 });
  });

  it('question, answer and decision are one attempt with one host, port and agent', () => {
    const events = [ASK, ANSWER].map(record => egresstop.decode(record, origin));
    for (const event of events)
      expect(event).toMatchObject({
        verdict: null,
        host: 'new.example',
        port: 443,
        agent: 'builder',
        tool: 'curl',
        correlationId: 'a-1',
      });
  });

  it('a kept line of the socket that tells of a question is known', () => {
    const since = '2026-11-20T10:00:00.000Z';
    const ask = { type: 'ask', id: 'q', host: 'new.example', port: 443, since, keptUntil: since };
    expect(egresstop.recognises(ask)).toBe(true);
    expect(egresstop.decode(ask, origin)).toMatchObject({ kind: 'ask', verdict: null });
    expect(egresstop.recognises({ type: 'ask', id: 'q' })).toBe(false);
  });
});
