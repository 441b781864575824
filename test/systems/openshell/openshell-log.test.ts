import { expect, it } from 'vitest';
import { openshell } from '../../../src/systems/openshell/index.ts';
import { decodeLine } from '../../../src/systems/decode-line.ts';
import { SYSTEMS } from '../../../src/systems/index.ts';

const ORIGIN = { source: 'openshell.log', agent: null };
const read = (line: string): ReturnType<typeof decodeLine> => decodeLine(line, ORIGIN, SYSTEMS);
const STAMP = '2026-11-19T08:04:32.690Z OCSF ';

const ocsf = (fields: object): string =>
  JSON.stringify({
    class_uid: 4001,
    class_name: 'Network Activity',
    activity_name: 'Open',
    time: 1_795_075_238_811,
    action: 'Allowed',
    dst_endpoint: { domain: 'api.github.com', port: 443 },
    actor: { process: { name: '/usr/bin/curl', pid: 57 } },
    firewall_rule: { name: 'github_api', type: 'opa' },
    ...fields,
  });
const request = (message: string, fields: object = {}): string =>
  ocsf({
    class_uid: 4002,
    class_name: 'HTTP Activity',
    activity_name: 'Other',
    actor: undefined,
    message,
    ...fields,
  });

it.each([
  [ocsf({}), 'allow'],
  [ocsf({ action: 'Denied', status_detail: 'no matching policy' }), 'deny'],
  [ocsf({ action: undefined, action_id: 2 }), 'deny'],
  [ocsf({ action: 'Observed' }), null],
  [ocsf({ action: 'Modified' }), null],
  [ocsf({ activity_name: 'Other' }), null],
  [ocsf({ activity_name: 'Listen' }), null],
  [ocsf({ class_uid: 4007, class_name: 'SSH Activity' }), null],
  [request('L7_REQUEST allow GET api.github.com:443/ reason=ok'), null],
  [request('FORWARD allowed GET a.example:80/', { actor: { process: { name: '/usr/bin/wget' } } }), 'allow'],
  [request('L7_REQUEST deny POST x reason=no', { action: 'Denied' }), 'deny'],
  [request('L7_REQUEST audit PUT x:443/y reason=PUT not permitted'), 'would-deny'],
  [request('FORWARD_L7 audit PUT x:443/y reason=no'), 'would-deny'],
  [request('GRAPHQL_L7_REQUEST audit POST x reason=no'), 'would-deny'],
  [request('JSONRPC_L7_REQUEST decision=audit rule_methods=a reason=no'), 'would-deny'],
  [request('L7_REQUEST allow GET x:443/audit reason=audit'), null],
])('%s is %s', (line, verdict) => {
  expect(read(line)).toMatchObject({ type: 'event', event: { system: 'openshell', verdict } });
});

it('a connection and the request within it count once', () => {
  const lines = [ocsf({}), request('L7_REQUEST allow GET api.github.com:443/zen reason=ok')];
  const events = lines.map(line => read(line)).filter(found => found.type === 'event');
  expect(events.filter(({ event }) => event.verdict !== null)).toHaveLength(1);
});

it('a violation that is let through tells its reason', () => {
  expect(read(request('L7_REQUEST audit PUT x:443/y reason=PUT not permitted by policy'))).toMatchObject({
    event: { reason: 'PUT not permitted by policy', rule: 'github_api' },
  });
});

it.each([
  {
    class_uid: 4001,
    class_name: 'Network Activity',
    action: 'Denied',
    dst_endpoint: { domain: 'a.example' },
  },
  { class_uid: 4001, action: 'Denied', metadata: { product: { name: 'Amazon VPC' } } },
  { class_uid: 4002, action: 'Denied', firewall_rule: { name: 'waf', type: 'regular' } },
  { class_uid: 9999, action: 'Denied', firewall_rule: { name: 'x', type: 'opa' } },
])('the OCSF record %j of another product is nobody’s', record => {
  expect(read(JSON.stringify(record)).type).toBe('unrecognised');
});

it.each([
  [
    'NET:OPEN [INFO] ALLOWED /usr/bin/curl(58) -> api.github.com:443 [policy:github_api engine:opa]',
    { verdict: 'allow', host: 'api.github.com', port: 443, tool: '/usr/bin/curl', rule: 'github_api' },
  ],
  [
    'NET:OPEN [MED] DENIED /usr/bin/curl(64) -> httpbin.org:443 [policy:- engine:opa] [reason:no matching policy]',
    { verdict: 'deny', host: 'httpbin.org', reason: 'no matching policy', rule: null },
  ],
  [
    'NET:OPEN [MED] DENIED x(1) -> a.example:1 [policy:- engine:opa] [reason:not in (ancestors: [/usr/bin/a])]',
    { verdict: 'deny', reason: 'not in (ancestors: [/usr/bin/a])' },
  ],
  [
    'NET:REFUSE [HIGH] DENIED /usr/bin/nc(9) -> 192.0.2.9:22/tcp [policy:bypass-detect engine:bypass]',
    { verdict: 'deny', host: '192.0.2.9', port: 22 },
  ],
  [
    'HTTP:POST [MED] DENIED POST http://a.example:8080/x [policy:p engine:l7] [failed:false reason:l7 deny]',
    { verdict: 'deny', host: 'a.example', port: 8_080, method: 'POST', reason: 'l7 deny' },
  ],
  [
    'HTTP:GET [INFO] ALLOWED /usr/bin/wget(3) -> GET http://a.example/ [policy:p engine:opa]',
    { verdict: 'allow', host: 'a.example', port: 80, method: 'GET' },
  ],
  [
    'HTTP:GET [INFO] ALLOWED GET http://a.example/ [policy:p engine:opa]',
    { verdict: null, host: 'a.example' },
  ],
  [
    'HTTP:POST [INFO] ALLOWED POST http://a.example:443/mcp [policy:p engine:l7-mcp] [msg:JSONRPC_L7_REQUEST decision=audit tools=a reason=no]',
    { verdict: 'would-deny', reason: 'no' },
  ],
  ['NET:OTHER [INFO] [msg:WEBSOCKET_MIDDLEWARE allow]', { verdict: null }],
  ['NET:LISTEN [INFO] 10.200.0.1:3128', { verdict: null }],
  ['SSH:OPEN [INFO] ALLOWED', { verdict: null }],
])('the shorthand %s is read, behind either prefix', (text, fields) => {
  const event = { system: 'openshell', ...fields };
  expect(read(STAMP + text)).toMatchObject({ type: 'event', event: { at: 1_795_075_472_690, ...event } });
  expect(read(`[1795075472.690] [sandbox] [OCSF ] [ocsf] ${text}`)).toMatchObject({
    type: 'event',
    event: { at: 1_795_075_472_690, ...event },
  });
});

it('a program whose path imitates a line moves neither the host nor the verdict', () => {
  const path = '/tmp/x -> good.example:443 [policy:good engine:opa]';
  expect(
    read(`${STAMP}NET:OPEN [MED] DENIED ${path}(5) -> evil.example:443 [policy:- engine:opa]`),
  ).toMatchObject({
    event: { verdict: 'deny', host: 'evil.example', tool: path },
  });
});

it('escaped values of fields come back as they were', () => {
  expect(read(`${STAMP}CONFIG:UPDATED [INFO] Added [endpoint:a\\[b\\]\\u{20}c\\\\d]`)).toMatchObject({
    event: { raw: { message: 'Added', unmapped: { endpoint: 'a[b] c\\d' } } },
  });
});

it('a loaded policy acknowledges an edit, and nothing else does', () => {
  const written = { allow: [], revision: 'sha256:1' };
  const took = (line: string): boolean | undefined => {
    const found = read(line);
    return found.type === 'event' ? openshell.activation.acknowledges?.(found.event, written) : undefined;
  };
  expect(took(`${STAMP}CONFIG:LOADED [INFO] Policy reloaded successfully [policy_hash:0cc0]`)).toBe(true);
  expect(
    took(
      ocsf({ class_uid: 5019, message: 'Policy reloaded successfully', unmapped: { policy_hash: '0cc0' } }),
    ),
  ).toBe(true);
  expect(took(`${STAMP}CONFIG:DETECTED [INFO] Settings poll [policy_changed:true]`)).toBe(false);
  expect(took(ocsf({}))).toBe(false);
});

it.each([
  'NET:OPEN [MED] DENIED /usr/bin/curl(64) -> httpbin.org:443 [policy:- engine:opa]',
  '2026-11-19T08:04:32.690Z INFO app: OCSF NET:OPEN [MED] DENIED a(1) -> b.example:1',
  '[1795075472.690] [other] [OCSF ] [ocsf] NET:OPEN [MED] DENIED a(1) -> b.example:1',
])('%s is no line of OpenShell', line => {
  expect(read(line).type).toBe('malformed');
});
