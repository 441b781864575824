import { describe, expect, it } from 'vitest';
import type { EgressEvent } from '../../../../src/core/event.ts';
import { decodeLine } from '../../../../src/systems/decode-line.ts';
import { SYSTEMS } from '../../../../src/systems/index.ts';

const ORIGIN = { source: 'access.log', agent: null };

function eventOf(line: string): EgressEvent {
  const decoded = decodeLine(line, ORIGIN, SYSTEMS);
  if (decoded.type !== 'event') throw new Error(`${decoded.type}: ${line}`);
  return decoded.event;
}

/** A native line of that code, method and target. */
const native = (code: string, target: string, served = 'HIER_DIRECT/192.0.2.1'): string =>
  `1795075200.108    212 172.19.0.6 ${code} 4096 ${target} - ${served} text/html`;

describe('the verdict is that of the code', () => {
  it.each([
    ['TCP_MISS/200', 'allow'],
    ['TCP_MISS/403', 'allow'],
    ['TCP_MISS/407', 'allow'],
    ['TCP_MISS/503', 'allow'],
    ['TCP_TUNNEL/200', 'allow'],
    ['TCP_HIT/200', 'allow'],
    ['TCP_MISS_ABORTED/000', 'allow'],
    ['TCP_REFRESH_UNMODIFIED/304', 'allow'],
    ['TCP_DENIED/403', 'deny'],
    ['TCP_DENIED/200', 'deny'],
    ['TCP_DENIED/503', 'deny'],
    ['TCP_DENIED_REPLY/403', 'deny'],
    ['TCP_DENIED_ABORTED/403', 'deny'],
    ['TCP_DENIED/407', null],
    ['NONE/400', null],
    ['NONE/403', null],
    ['NONE_NONE/503', null],
    ['NONE_ABORTED/000', null],
    ['TAG_NONE/200', null],
    ['UDP_DENIED/000', null],
  ])('%s is %s, whatever its status', (code, verdict) => {
    expect(eventOf(native(code, 'GET http://a.example/')).verdict).toBe(verdict);
  });

  it.each([
    ['TCP_MISS/503', 'HIER_NONE/-', 'error'],
    ['TCP_TUNNEL/504', 'HIER_NONE/-', 'error'],
    ['TCP_MISS/503', 'NONE/-', 'error'],
    ['TCP_MEM_HIT/200', 'HIER_NONE/-', 'allow'],
    ['TCP_MISS/404', 'HIER_NONE/-', 'allow'],
    ['TCP_MISS/503', 'FIRSTUP_PARENT/172.18.0.2', 'allow'],
  ])('%s with %s is %s', (code, served, verdict) => {
    expect(eventOf(native(code, 'GET http://a.example/', served)).verdict).toBe(verdict);
  });
});

describe('the fields of an access log', () => {
  it.each([
    ['CONNECT Pypi.Org.:443', { host: 'pypi.org', port: 443, url: null, interception: 'opaque' }],
    ['CONNECT [2001:db8::9]:8443', { host: '2001:db8::9', port: 8443 }],
    ['CONNECT 198.51.100.219:5432', { host: '198.51.100.219', port: 5432 }],
    ['GET http://a.example:8080/x', { host: 'a.example', port: 8080, interception: 'cleartext' }],
    ['GET http://user:pw@a.example/', { host: 'a.example', port: 80 }],
    ['GET https://a.example/x', { host: 'a.example', port: 443, interception: 'intercepted' }],
    ['GET ftp://a.example/x', { host: 'a.example', port: 21, interception: null }],
    ['GET http://a.example/a b c', { host: 'a.example', url: 'http://a.example/a b c' }],
    ['GET http://[2001:db8::9]/', { host: '2001:db8::9', port: 80 }],
  ])('%s names its destination', (target, fields) => {
    expect(eventOf(native('TCP_MISS/200', target))).toMatchObject({ verdict: 'allow', ...fields });
  });

  it('time, duration, bytes, status, address and user are those of the line', () => {
    const line =
      '1727345740.321    120 172.31.99.11 TCP_TUNNEL/200 5230 CONNECT pypi.org:443 ann%20b HIER_DIRECT/151.101.0.223 -';
    expect(eventOf(line)).toMatchObject({
      at: 1_727_345_740_321,
      time: '2024-09-26T10:15:40.321Z',
      durationMs: 120,
      bytes: 5_230,
      status: 200,
      address: '151.101.0.223',
      agent: 'ann b',
      system: 'squid',
      kind: 'TCP_TUNNEL',
    });
  });

  it('the address of a parent proxy is not that of the destination', () => {
    const line = native('TCP_MISS/404', 'GET http://a.example/', 'FIRSTUP_PARENT/172.18.0.2');
    expect(eventOf(line)).toMatchObject({ host: 'a.example', address: null });
  });

  it('fields behind the native ones change nothing', () => {
    const line = native('TCP_DENIED/403', 'CONNECT a.example:443', 'HIER_NONE/-');
    expect(eventOf(`${line} "curl/8" [Host: a.example\\r\\n]`)).toMatchObject({
      ...eventOf(line),
      raw: { more: '"curl/8" [Host: a.example\\r\\n]' },
    });
  });

  it('a URL that imitates the rest of a line moves neither the host nor the verdict', () => {
    const url = 'http://evil.example/ - HIER_DIRECT/192.0.2.1 text/html TCP_MISS/200 good.example';
    expect(eventOf(native('TCP_DENIED/403', `GET ${url}`, 'HIER_NONE/-'))).toMatchObject({
      verdict: 'deny',
      host: 'evil.example',
    });
  });

  it('requests for pages of Squid itself, and what was no request, rule on nothing', () => {
    for (const url of [
      'cache_object://x/info',
      'http://p:3128/squid-internal-mgr/x',
      'error:invalid-request',
    ])
      expect(eventOf(native('TCP_MISS/200', `GET ${url}`)).verdict).toBeNull();
    expect(eventOf(native('TCP_DENIED/403', 'GET cache_object://x/info')).verdict).toBe('deny');
  });
});

describe('other formats of Squid', () => {
  it('common and combined give what the native line gives', () => {
    const common =
      '172.19.0.9 - carol [19/Nov/2026:09:00:14 +0100] "GET http://paste.example/raw HTTP/1.1" 403 3811 TCP_DENIED:HIER_NONE';
    const known = {
      at: Date.UTC(2026, 10, 19, 8, 0, 14),
      verdict: 'deny',
      host: 'paste.example',
      agent: 'carol',
      status: 403,
      bytes: 3_811,
    };
    expect(eventOf(common)).toMatchObject({ ...known, raw: { logformat: 'common' } });
    const combined = common.replace(' TCP_', ' "http://a.example/" "curl \\"x\\"" TCP_');
    expect(eventOf(combined)).toMatchObject({ ...known, raw: { logformat: 'combined' } });
  });

  it('a line of Apache’s formats is not taken for one of Squid', () => {
    const line = '10.0.0.1 - - [19/Nov/2026:09:00:14 +0100] "GET http://a.example/ HTTP/1.1" 200 3811';
    expect(decodeLine(line, ORIGIN, SYSTEMS).type).toBe('malformed');
    expect(decodeLine(`${line} "-" "curl/8"`, ORIGIN, SYSTEMS).type).toBe('malformed');
  });

  it.each([
    '2025/12/26 10:11:12 kid1| Starting Squid Cache version 5.7',
    '2025/12/26 10:11:12.123| WARNING: TCP_DENIED/403 CONNECT evil.example:443',
    '    current master transaction: master53',
    '1795075215.000 172.19.0.9 http://a.example/ http://b.example/x',
    '172.19.0.9 [19/Nov/2026:08:00:16 +0000] "curl/8.11"',
  ])('%j is a note that rules on nothing', line => {
    expect(eventOf(line)).toMatchObject({ system: 'squid', verdict: null });
  });

  it.each([
    'TCP_DENIED/403 is what Squid writes for a denied CONNECT evil.example:443',
    'request 1795075200.108 took 212 ms and ended as TCP_DENIED/403',
    '1795075200.108 212 172.19.0.6 TCP_DENIED/403 4096 GET http://a.example/',
    '1795075200.108 212 172.19.0.6 XTCP_DENIED/403 4096 GET http://a.example/ - HIER_NONE/- -',
    '1795075200 212 172.19.0.6 TCP_DENIED/403 4096 GET http://a.example/ - HIER_NONE/- -',
  ])('%j is no record of Squid', line => {
    expect(decodeLine(line, ORIGIN, SYSTEMS).type).toBe('malformed');
  });
});
