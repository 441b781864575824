import { expect, it } from 'vitest';
import type { EgressEvent } from '../../../../src/core/event.ts';
import { logText } from '../../../../src/report/log-line.ts';
import { decodeLine } from '../../../../src/systems/decode-line.ts';
import { aasm } from '../../../../src/systems/aasm/index.ts';
import { SYSTEMS } from '../../../../src/systems/index.ts';
import { SAMPLE_LINES } from './sample-lines.ts';

/** Each sample line, as its fields and as `log` prints it. */
const EXPECTED: readonly [Partial<EgressEvent>, string][] = [
  [
    { verdict: 'allow', host: 'api.openai.com', port: 443, method: 'POST', agent: 'researcher-1', at: null },
    '-  egress_allow  api.openai.com  https://api.openai.com/v1/chat/completions',
  ],
  [
    { verdict: 'allow', host: 'evil.example.com' },
    '-  egress_allow  evil.example.com  https://evil.example.com/exfil',
  ],
  [
    { verdict: 'allow', host: 'raw.githubusercontent.com', method: 'GET' },
    '-  egress_allow  raw.githubusercontent.com  https://raw.githubusercontent.com/org/repo/main/README.md',
  ],
  [{ verdict: null, host: null, agent: 'coder-2', kind: 'PolicyViolation' }, '-  PolicyViolation  -'],
  [
    {
      verdict: 'deny',
      kind: 'blocked',
      port: 443,
      rule: 'egress_allowlist',
      agent: null,
      interception: null,
    },
    '2026-11-19T08:00:04.200Z  egress_deny  pastebin.com  egress_allowlist',
  ],
  [
    { verdict: 'deny', host: '::1', port: 443, address: '::1' },
    '2026-11-19T08:00:14.000Z  egress_deny  ::1  ssrf_blocked_address',
  ],
  [
    { verdict: 'deny', host: 'api.openai.com', port: 80, method: 'POST' },
    '2026-11-19T08:00:24.000Z  egress_deny  api.openai.com  plaintext_llm_downgrade',
  ],
  [
    { verdict: 'deny', port: null, rule: null, url: '/v1/files' },
    '2026-11-19T08:00:34.000Z  egress_deny  api.openai.com  credential: EcPrivateKey',
  ],
  [
    { verdict: 'allow', kind: 'forwarded_redacted', interception: 'intercepted', reason: null },
    '2026-11-19T08:00:44.000Z  egress_allow  api.anthropic.com  /v1/messages',
  ],
  [
    { verdict: null, kind: 'blocked', reason: null },
    '2026-11-19T08:00:54.000Z  blocked  api.anthropic.com  /v1/messages',
  ],
  [
    { verdict: 'deny', rule: 'mcp_tool_call' },
    '2026-11-19T08:01:04.000Z  egress_deny  hooks.mcp.example  mcp_tool_call',
  ],
  [
    {
      verdict: 'deny',
      agent: 'ops-bot',
      rule: 'host not in network allowlist',
      correlationId: 'trace-ops-bot-3',
    },
    '2026-11-19T08:56:40.675Z  egress_deny  -  host not in network allowlist',
  ],
  [
    { verdict: 'would-deny', agent: 'researcher-1', rule: null, correlationId: 'trace-s1' },
    '2026-11-19T09:54:54.792Z  egress_would_deny  -  host not in network allowlist',
  ],
  [
    { verdict: 'deny', port: 443, agent: '383e4ca617e8a7215e5724935a00f1d0' },
    '2026-11-19T08:01:42Z  egress_deny  evil.example',
  ],
];

it('the samples are all there', () => {
  expect(SAMPLE_LINES).toHaveLength(EXPECTED.length);
});

it.each(EXPECTED.map(([fields, text], index) => ({ index, fields, text })))(
  'sample $index is $text',
  ({ index, fields, text }) => {
    const decoded = decodeLine(SAMPLE_LINES[index] ?? '', { source: 'a.jsonl', agent: null }, SYSTEMS);
    const event = decoded.type === 'event' ? decoded.event : null;
    expect(event).toMatchObject({ system: 'aasm', ...fields });
    expect(event && logText(aasm.columns(event))).toBe(text);
  },
);
