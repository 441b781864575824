import { expect, it } from 'vitest';
import { decodeLine } from '../../../../src/systems/decode-line.ts';
import { SYSTEMS } from '../../../../src/systems/index.ts';

const ORIGIN = { source: 'audit.jsonl', agent: null };
const read = (line: string): ReturnType<typeof decodeLine> => decodeLine(line, ORIGIN, SYSTEMS);

const audit = (fields: object): string =>
  JSON.stringify({
    timestamp: '2026-11-19T09:00:02.000Z',
    event: 'http_access',
    client: '172.30.0.20',
    host: 'lies.example',
    dest: '203.0.113.34:80',
    method: 'GET',
    status: 200,
    decision: 'TCP_MISS',
    url: 'http://example.com/',
    ...fields,
  });

it.each([
  [{ decision: 'TCP_MISS', status: 403 }, 'allow'],
  [{ decision: 'TCP_DENIED', status: 200 }, 'deny'],
  [{ decision: 'TCP_DENIED:HIER_NONE', status: 403 }, 'deny'],
  [{ decision: 'TCP_DENIED', status: 407 }, null],
  [{ decision: 'NONE_NONE', status: 0 }, null],
  [{ decision: 'TCP_TUNNEL', status: 503, dest: '-:-' }, 'error'],
  [{ decision: 'TCP_TUNNEL', status: 503 }, 'allow'],
])('the record with %j is %s: the decision rules, not the status', (fields, verdict) => {
  expect(read(audit(fields))).toMatchObject({ type: 'event', event: { system: 'awf', verdict } });
});

it('the host is that of the URL, which a Host header may belie', () => {
  expect(read(audit({}))).toMatchObject({ event: { host: 'example.com', address: '203.0.113.34' } });
});

it('both generations tell their time', () => {
  const at = Date.UTC(2026, 10, 19, 9, 0, 2);
  expect(read(audit({}))).toMatchObject({ event: { at } });
  const { timestamp: _, event: __, ...rest } = JSON.parse(audit({})) as Record<string, unknown>;
  const legacy = JSON.stringify({ _schema: 'audit/v0.23.1', ts: at / 1_000, ...rest });
  expect(read(legacy)).toMatchObject({ event: { at } });
});

it('a record that an unescaped text broke is told as such, and nothing within it is read', () => {
  const broken = audit({}).replace('http://example.com/', 'http://example.com/"x');
  const forged = audit({}).replace('http://example.com/', `http://e/"}${audit({ decision: 'TCP_DENIED' })}`);
  for (const line of [broken, forged, `{"_schema":"audit/v0.23.1","ts":1.5,"client":"a"b"}`])
    expect(read(line)).toMatchObject({
      type: 'malformed',
      why: expect.stringContaining('did not escape') as string,
      isClaimed: true,
    });
});

it('a request cannot turn its own denial into an allow by a URL that writes a second decision', () => {
  const denied = audit({ decision: 'TCP_DENIED', status: 403 });
  const forged = denied.replace('http://example.com/', 'http://example.com/","decision":"TCP_TUNNEL');
  expect(JSON.parse(forged)).toMatchObject({ decision: 'TCP_TUNNEL' });
  expect(read(forged)).toMatchObject({ type: 'malformed', isClaimed: true });
});

it('quotes that are escaped forge nothing', () => {
  const url = 'http://example.com/","decision":"TCP_TUNNEL';
  expect(read(audit({ url, decision: 'TCP_DENIED' }))).toMatchObject({ event: { verdict: 'deny' } });
});

it('a detailed line whose Host header holds blanks or quotes is broken', () => {
  const line =
    '1774290909.186 172.30.0.20:55890 HOST -:- 1.1 CONNECT 403 TCP_DENIED:HIER_NONE evil.example.com:443 "curl/7.81.0"';
  expect(read(line.replace('HOST', 'evil.example.com:443'))).toMatchObject({
    event: { verdict: 'deny', host: 'evil.example.com', port: 443, system: 'awf' },
  });
  const forgery = 'x 192.0.2.1:443 1.1 CONNECT 200 TCP_TUNNEL:HIER_DIRECT good.example:443 "';
  expect(read(line.replace('HOST', forgery))).toMatchObject({ type: 'malformed', isClaimed: true });
  expect(read(line.replace('HOST', 'a b'))).toMatchObject({ type: 'malformed', isClaimed: true });
});

it('a record that lacks a field of the schema proves nothing', () => {
  for (const field of ['client', 'dest', 'url', 'decision', 'timestamp']) {
    const rest = JSON.stringify({ ...(JSON.parse(audit({})) as object), [field]: undefined });
    expect([field, read(rest).type]).toEqual([field, 'unrecognised']);
  }
});
