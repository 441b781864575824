import { expect, it } from 'vitest';
import { LineDecoder } from '../../src/reading/line-decoder.ts';
import { SYSTEMS } from '../../src/systems/index.ts';

/** Each line in words: `VERDICT HOST:PORT AGENT` of an event, or that it is unrecognised and why. */
function told(line: string): readonly string[] {
  const words: string[] = [];
  const decoder = new LineDecoder(SYSTEMS);
  const hear = {
    event: ({ verdict, host, port, agent }: Parameters<Parameters<typeof decoder.decode>[1]['event']>[0]) =>
      void words.push([verdict ?? 'info', `${host}:${port}`, ...(agent === null ? [] : [agent])].join(' ')),
    malformed: () => void words.push('malformed'),
    unrecognised: ({ kind }: { readonly kind: string }) => void words.push(`unrecognised ${kind}`),
  };
  decoder.decode({ source: 'a.log', first: 1, lines: [line] }, hear);
  decoder.end('a.log', hear);
  return words;
}

const squid = (code: string, target: string, user = '-'): string =>
  `1758068971.174      0 172.19.0.6 ${code} 230 CONNECT ${target} ${user} HIER_NONE/- text/html`;

const iron = (action: string): string =>
  JSON.stringify({ msg: 'request', audit: { host: 'a.example:8443', action }, time: '2026-07-03T09:18:23Z' });

const openshell = (more: object): string =>
  JSON.stringify({
    class_uid: 4001,
    time: 1_775_014_138_811,
    dst_endpoint: { domain: 'a.example', port: 443 },
    firewall_rule: { name: '-', type: 'opa' },
    ...more,
  });

const codex = (decision: string): string =>
  JSON.stringify({
    'event.name': 'codex.network_proxy.policy_decision',
    'network.policy.decision': decision,
    'server.address': 'a.example',
    'server.port': 443,
  });

const governed = (more: object): string =>
  JSON.stringify({
    audit_event_id: 'e',
    category: 'AUDIT_CATEGORY_EVALUATION',
    action_type: 'network_egress',
    resource_id: 'a.example:443',
    ...more,
  });

const snapshot = (more: object): string =>
  JSON.stringify({ blocked_hosts: [{ host: 'a.example', vm_name: 'box', ...more }], allowed_hosts: [] });

const pipelock = (more: object): string =>
  JSON.stringify({ component: 'pipelock', time: '2026-03-28T09:02:30Z', url: 'https://a.example/', ...more });

it.each([
  [
    'Squid, a user in quotes',
    squid('TCP_DENIED/403', 'a.example:443', '"alice smith"'),
    'deny a.example:443 alice smith',
  ],
  [
    'Squid, a user with an escape',
    squid('TCP_DENIED/403', 'a.example:443', 'al%20ice'),
    'deny a.example:443 al ice',
  ],
  ['Squid, an IPv6 target', squid('TCP_TUNNEL/200', '[2001:db8::1]:443'), 'allow 2001:db8::1:443'],
  ['Squid, a code of tomorrow', squid('TCP_FUTURE/403', 'a.example:443'), 'allow a.example:443'],
  ['iron-proxy, an action in capitals', iron('ALLOW'), 'unrecognised action "ALLOW"'],
  ['iron-proxy, an action of tomorrow', iron('quarantine'), 'unrecognised action "quarantine"'],
  [
    'OpenShell, fields that contradict each other',
    openshell({ action: 'Allowed', action_id: 2 }),
    'deny a.example:443',
  ],
  [
    'OpenShell, an allowed action that was blocked',
    openshell({ action: 'Allowed', disposition: 'Blocked' }),
    'deny a.example:443',
  ],
  ['OpenShell, a disposition alone', openshell({ disposition: 'Blocked' }), 'deny a.example:443'],
  ['OpenShell, numbers as text', openshell({ class_uid: '4001', action_id: '2' }), 'deny a.example:443'],
  ['OpenShell, an action of tomorrow', openshell({ action: 'Deferred' }), 'unrecognised action "Deferred"'],
  [
    'OpenShell’s shorthand without a program',
    '2026-04-01T04:04:32.690Z OCSF NET:OPEN [MED] DENIED -> a.example:443 [policy:- engine:opa]',
    'deny a.example:443',
  ],
  ['Codex, a decision in capitals', codex('DENY'), 'unrecognised network.policy.decision "DENY"'],
  ['Codex, a question', codex('ask'), 'pending a.example:443'],
  [
    'sbx, a decision of tomorrow',
    governed({ decision: 'AUDIT_DECISION_MAYBE' }),
    'unrecognised decision "AUDIT_DECISION_MAYBE"',
  ],
  [
    'sbx, a mode in capitals',
    governed({ decision: 'AUDIT_DECISION_DENY', enforcement_mode: 'ENFORCEMENT_MODE_AUDIT' }),
    'would-deny a.example:443',
  ],
  ['sbx, a row without a count', snapshot({}), 'deny a.example:null box'],
  ['sbx, a row with a count as text', snapshot({ count_since: '1' }), 'deny a.example:null box'],
  [
    'sbx, a rule that asks',
    snapshot({ count_since: 1, rule: 'approval-required' }),
    'pending a.example:null box',
  ],
  ['pipelock, a time in numbers', pipelock({ event: 'allowed', time: 1_774_688_430 }), 'allow a.example:443'],
  ['pipelock, an action in capitals', pipelock({ event: 'body_dlp', action: 'BLOCK' }), 'deny a.example:443'],
  ['pipelock, an event of tomorrow', pipelock({ event: 'quarantined' }), 'unrecognised quarantined'],
  [
    'sandbox-runtime in a debug file of Claude Code',
    '2026-11-19T08:00:00.000Z [DEBUG] [SandboxDebug] Allowed by config rule: a.example:443',
    'allow a.example:443',
  ],
])('%s, is counted as its system means it, or told by its word', (_, line, expected) => {
  expect(told(line)).toEqual([expected]);
});

it.each([
  ['a sentence about a record', 'the tool said: [SandboxDebug] Allowed by config rule: a.example:443'],
  ['a line that is torn', squid('TCP_TUNNEL/200', 'a.example:443').slice(0, 60)],
])('%s is no record', (_, line) => {
  expect(told(line)).toEqual(['malformed']);
});

it('a row of sbx with a negative count is no decision', () => {
  expect(told(snapshot({ count_since: -4 }))).toEqual([]);
});
