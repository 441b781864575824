import { expect, it } from 'vitest';
import type { EgressEvent } from '../../../../src/core/event.ts';
import { logText } from '../../../../src/report/log-line.ts';
import { decodeLine } from '../../../../src/systems/decode-line.ts';
import { SYSTEMS } from '../../../../src/systems/index.ts';
import { orcarouter } from '../../../../src/systems/orcarouter/index.ts';
import { SAMPLE_LINES } from './sample-lines.ts';

/** Each sample line, as its fields and as `log` prints it. */
const EXPECTED: readonly [Partial<EgressEvent>, string][] = [
  [
    {
      verdict: 'allow',
      port: 443,
      tool: 'web.http_fetch',
      agent: 'agent-key',
      rule: 'approved hosts',
      reason: null,
    },
    '2026-11-19T08:00:20Z  egress_allow  api.openai.com  https://api.openai.com/',
  ],
  [
    {
      verdict: 'deny',
      address: '169.254.169.254',
      port: null,
      rule: 'deny inside',
      correlationId: 'req_7c1e',
    },
    '2026-11-19T08:00:21Z  egress_deny  169.254.169.254  egress to 169.254.169.254 denied',
  ],
  [
    { verdict: 'deny', port: 8443, address: '2001:db8::7', rule: 'prod-agents', agent: null, url: null },
    '2026-11-19T08:00:22.000Z  egress_deny  2001:db8::7  egress to [2001:db8::7]:8443 denied',
  ],
  [
    { verdict: 'would-deny', agent: 'run_c3', at: 1_795_075_223_000 },
    '2026-11-19T08:00:23Z  egress_would_deny  10.0.0.8  [shadow] would deny — egress to 10.0.0.8 denied',
  ],
  [{ verdict: 'allow', rule: 'watch cdn' }, '2026-11-19T08:00:24Z  egress_allow  cdn.assets.example'],
  [
    { verdict: 'allow', rule: null, agent: 'lab-key' },
    '2026-11-19T08:00:25Z  egress_allow  new.vendor.example',
  ],
  [{ verdict: 'deny' }, '2026-11-19T08:00:26Z  egress_deny  -  egress destination missing'],
  [
    { verdict: 'allow', port: 443, url: 'https://API.OpenAI.com.:443/v1/models?key=x' },
    '2026-11-19T08:00:27Z  egress_allow  api.openai.com  https://API.OpenAI.com.:443/v1/models',
  ],
  [{ verdict: null, reason: null, tool: 'shell.exec' }, '2026-11-19T08:00:28Z  inbound  -'],
  [{ verdict: null, kind: 'response' }, '2026-11-19T08:00:29Z  response  -'],
  [{ verdict: null, kind: 'mcp' }, '2026-11-19T08:00:30Z  mcp  -'],
  [{ verdict: null, kind: 'mcp' }, '2026-11-19T08:00:31Z  mcp  -'],
  [{ verdict: null, reason: null }, '2026-11-19T08:00:32Z  egress  later.example'],
];

it('the samples are all there', () => {
  expect(SAMPLE_LINES).toHaveLength(EXPECTED.length);
});

it.each(EXPECTED.map(([fields, text], index) => ({ index, fields, text })))(
  'sample $index is $text',
  ({ index, fields, text }) => {
    const decoded = decodeLine(SAMPLE_LINES[index] ?? '', { source: 'a.jsonl', agent: null }, SYSTEMS);
    const event = decoded.type === 'event' ? decoded.event : null;
    expect(event).toMatchObject({
      system: 'orcarouter',
      interception: null,
      bytes: null,
      hop: null,
      ...fields,
    });
    expect(event && logText(orcarouter.columns(event))).toBe(text);
  },
);
