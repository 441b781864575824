import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { EgressEvent } from '../../../src/core/event.ts';
import { LineDecoder } from '../../../src/reading/line-decoder.ts';
import { SYSTEMS } from '../../../src/systems/index.ts';

function decoded(lines: readonly string[]): {
  readonly events: readonly EgressEvent[];
  readonly others: number;
} {
  const events: EgressEvent[] = [];
  let others = 0;
  new LineDecoder(SYSTEMS).decode(
    { source: 'a', first: 1, lines },
    {
      event: event => void events.push(event),
      malformed: () => void (others += 1),
      unrecognised: () => void (others += 1),
    },
  );
  return { events, others };
}

const linesOf = (name: string): readonly string[] =>
  readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');

const told = (events: readonly EgressEvent[]) =>
  events.map(({ verdict, host, port, rule, reason }) => [verdict, host, port, rule, reason]);

it('every event in a batch of OTLP logs counts by itself, and only the rulings of the proxy rule', () => {
  const { events, others } = decoded(linesOf('codex-otlp.jsonl'));
  expect(others).toBe(0);
  expect(told(events)).toEqual([
    [null, null, null, null, null],
    ['allow', 'registry.npmjs.org', 443, 'baseline_policy', null],
    ['deny', 'pastebin.com', 443, 'baseline_policy', 'not_allowed'],
    ['pending', 'docs.rs', 443, 'decider', 'not_allowed'],
    ['allow', 'docs.rs', 443, 'decider', null],
    ['deny', 'api.example', 80, 'mode_guard', 'method_not_allowed'],
    ['deny', '10.0.0.5', 5432, 'baseline_policy', 'not_allowed_local'],
  ]);
  expect(events.every(({ at, system }) => at !== null && system === 'codex')).toBe(true);
  expect(events.map(({ method }) => method)).toEqual([
    null,
    'CONNECT',
    'CONNECT',
    'CONNECT',
    'CONNECT',
    'POST',
    null,
  ]);
});

it('the debug lines of the audit are read with their fields', () => {
  const { events, others } = decoded(linesOf('codex-debug.log'));
  expect([others, told(events)]).toEqual([
    0,
    [
      ['deny', 'pastebin.com', 443, 'baseline_policy', 'not_allowed'],
      ['allow', 'registry.npmjs.org', 443, 'baseline_policy', null],
    ],
  ]);
  expect(events.every(({ at }) => at !== null)).toBe(true);
});

it.each([
  'echo event.name="codex.network_proxy.policy_decision" network.policy.decision="allow" server.address="a.example"',
  '2026-11-19T09:00:01Z INFO my_app: event.name="codex.network_proxy.policy_decision" network.policy.decision="allow"',
  '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"attributes":[{"key":"event.name","value":{"stringValue":"other"}}]}]}]}]}',
  '{"resourceLogs":"x"}',
])('a line of another program is not taken for one of Codex: %s', line => {
  expect(decoded([line]).events).toEqual([]);
});

it('a decision that nobody knows is no event of Codex', () => {
  const [line = ''] = linesOf('codex-debug.log');
  expect(decoded([line.replace('decision="deny"', 'decision="maybe"')]).events).toEqual([]);
});
