import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blankEvent, VERDICTS, type Decision } from '../../src/core/event.ts';
import { normaliseHost } from '../../src/core/host.ts';
import { replayedLine, replayLine } from '../../src/report/replay-line.ts';
import { decodeReplay } from '../../src/systems/aasm/log/decode-replay.ts';
import { ANY_CHARACTER } from '../any-character.ts';

const decision = (known: Partial<Decision>): Decision => ({
  ...blankEvent({ system: 'microagent', source: 'a.jsonl', kind: 'x', raw: {} }),
  verdict: 'deny',
  ...known,
});

const recordOf = (event: Decision) => JSON.parse(replayLine(event)) as Record<string, string>;
const requestIn = (event: Decision) =>
  (JSON.parse(recordOf(event)['payload'] ?? '') as { NetworkRequest: { url: string; method: string } })
    .NetworkRequest;

describe('a decision as a replay event', () => {
  it.each<[Partial<Decision>, string]>([
    [{ host: 'docs.rs', url: 'https://DOCS.rs/x?y' }, 'https://DOCS.rs/x?y'],
    [{ host: 'docs.rs' }, 'https://docs.rs/'],
    [{ host: 'docs.rs', port: 443 }, 'https://docs.rs/'],
    [{ host: 'docs.rs', port: 8443 }, 'https://docs.rs:8443/'],
    [{ host: '2001:db8::1', port: 443 }, 'https://[2001:db8::1]/'],
    [{ host: 'docs.rs', port: 443, url: 'docs.rs:443' }, 'https://docs.rs/'],
    [{ host: 'docs.rs', url: '/v1/files' }, 'https://docs.rs/v1/files'],
    [{ host: 'docs.rs', url: 'https://other.example/' }, 'https://docs.rs/'],
    [{ url: 'https:///x' }, 'https:///x'],
    [{}, ''],
  ])('%j goes to %s', (known, url) => {
    expect(requestIn(decision(known)).url).toBe(url);
  });

  it('a replay event is named by its verdict, and an allow claims no more than an interception', () => {
    expect(VERDICTS.map(verdict => recordOf(decision({ verdict }))['event_type'])).toEqual([
      'ToolCallIntercepted',
      'PolicyViolation',
      'ToolCallIntercepted',
      'ApprovalRequested',
      'ToolCallIntercepted',
    ]);
  });

  it('always has an agent, a method and a payload as texts, as aasm demands', () => {
    expect(recordOf(decision({}))).toMatchObject({ agent_id: '-', payload: expect.any(String) });
    expect(requestIn(decision({})).method).toBe('CONNECT');
  });

  it('a replay event never names another host, whatever the host consists of', () => {
    const anyHost = fc
      .oneof(
        fc.string({ unit: ANY_CHARACTER }),
        fc.constantFrom('a.example/.b.example', 'a@b', 'a#b', 'x:1', '[', '::1'),
      )
      .map(normaliseHost);
    fc.assert(
      fc.property(anyHost, fc.option(fc.integer({ min: 0, max: 65_535 })), (host, port) => {
        const back = decodeReplay(recordOf(decision({ host, port })), { source: 'r', agent: null });
        const own = [host, host && encodeURIComponent(host.toWellFormed()).toLowerCase()];
        expect(own).toContain(back.host);
      }),
    );
  });
});

it('an event of a replay file comes out as it went in', () => {
  const record = { event_type: 'PolicyViolation', agent_id: 'a', payload: 'not JSON', tool: 'fetch' };
  const event = decodeReplay(record, { source: 'r', agent: null });
  expect(JSON.parse(replayedLine(event))).toEqual(record);
});
