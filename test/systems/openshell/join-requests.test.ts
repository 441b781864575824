import { expect, it } from 'vitest';
import type { EgressEvent } from '../../../src/core/event.ts';
import { LineDecoder } from '../../../src/reading/line-decoder.ts';
import { SYSTEMS } from '../../../src/systems/index.ts';

const START = 1_795_075_238_000;

const record = (uid: number, action: string, host: string, more: object = {}) => ({
  class_uid: uid,
  time: START,
  action,
  dst_endpoint: { domain: host, port: 443 },
  firewall_rule: { name: 'p', type: uid === 4001 ? 'opa' : 'l7' },
  ...more,
});

const connect = (host: string, more: object = {}): string =>
  JSON.stringify(
    record(4001, 'Allowed', host, { actor: { process: { name: '/usr/bin/curl', pid: 57 } }, ...more }),
  );

const request = (action: string, host: string, more: object = {}): string =>
  JSON.stringify(
    record(4002, action, host, {
      http_request: { http_method: 'POST', url: { scheme: 'https', hostname: host, path: '/x', port: 443 } },
      message: `L7_REQUEST ${action === 'Denied' ? 'deny' : 'allow'} POST ${host}:443/x`,
      ...more,
    }),
  );

const audited = (host: string): string =>
  request('Allowed', host, { message: `L7_REQUEST audit POST ${host}:443/x reason=l7 deny` });

const SHORT = '2026-11-19T08:04:32.118Z OCSF';
const shortConnect = `${SHORT} NET:OPEN [INFO] ALLOWED /usr/bin/curl(58) -> api.example:443 [policy:p engine:opa]`;
const shortDenied = `${SHORT} HTTP:POST [MED] DENIED POST http://api.example/user [policy:p engine:l7] [reason:l7 deny]`;

const batchOf = (lines: readonly string[]) => ({ source: 'openshell.log', first: 1, lines });

function decoded(lines: readonly string[]): readonly EgressEvent[] {
  const decoder = new LineDecoder(SYSTEMS);
  const events: EgressEvent[] = [];
  const hear = {
    event: (event: EgressEvent) => void events.push(event),
    malformed: ({ why }: { readonly why: string }) => expect.fail(why),
    unrecognised: ({ kind }: EgressEvent) => expect.fail(kind),
  };
  decoder.decode(batchOf(lines), hear);
  decoder.end('openshell.log', hear);
  return events;
}

const verdicts = (lines: readonly string[]): readonly string[] =>
  decoded(lines)
    .flatMap(({ verdict, host }) => (verdict === null ? [] : [`${verdict} ${host}`]))
    .sort();

it.each([
  ['a connection and the request in it that is denied', [connect('a'), request('Denied', 'a')], ['deny a']],
  ['the same in the shorthand', [shortConnect, shortDenied], ['deny api.example']],
  ['a connection and the request that is let through', [connect('a'), request('Allowed', 'a')], ['allow a']],
  ['a violation that is only audited', [connect('a'), audited('a')], ['would-deny a']],
  ['a connection without a request', [connect('a')], ['allow a']],
  [
    'a later request of the same connection',
    [connect('a'), request('Allowed', 'a'), request('Allowed', 'a'), request('Denied', 'a')],
    ['allow a', 'deny a'],
  ],
  [
    'two connections that are interleaved',
    [connect('a'), connect('b'), request('Denied', 'b'), request('Allowed', 'a')],
    ['allow a', 'deny b'],
  ],
  [
    'two connections to one host, of which one has a denied request',
    [connect('a'), connect('a'), request('Denied', 'a')],
    ['allow a', 'deny a'],
  ],
  [
    'a request long after its connection',
    [connect('a'), request('Denied', 'a', { time: START + 20_000 })],
    ['allow a', 'deny a'],
  ],
  ['a request whose connection was not seen', [request('Denied', 'a')], ['deny a']],
  [
    'a connection to another port, beside that of the request',
    [connect('a', { dst_endpoint: { domain: 'a', port: 8443 } }), connect('a'), request('Denied', 'a')],
    ['allow a', 'deny a'],
  ],
  [
    'a request to another port than the only connection',
    [connect('a'), request('Denied', 'a', { dst_endpoint: { domain: 'a', port: 8443 } })],
    ['allow a', 'deny a'],
  ],
  [
    'a request whose URL in the shorthand names another port',
    [shortConnect, shortDenied.replace('api.example/', 'api.example:8443/')],
    ['allow api.example', 'deny api.example'],
  ],
  [
    'a request of the shorthand to a connection on an odd port',
    [shortConnect.replace(':443', ':8443'), shortDenied],
    ['deny api.example'],
  ],
  [
    'classes that are written with a fraction',
    [connect('a').replace('4001', '4001.0'), request('Denied', 'a').replace('4002', '4.002e3')],
    ['deny a'],
  ],
])('%s: each request is one decision', (_, lines, expected) => {
  expect(verdicts(lines)).toEqual(expected);
  expect(decoded(lines)).toHaveLength(lines.length);
});

it('the decision of a request names the program of its connection', () => {
  const ruling = decoded([connect('a'), request('Denied', 'a')]).find(({ verdict }) => verdict !== null);
  expect([ruling?.tool, ruling?.method]).toEqual(['/usr/bin/curl', 'POST']);
});

it('a connection that waits is told when its source settles, and only once', () => {
  const decoder = new LineDecoder(SYSTEMS);
  const seen: EgressEvent[] = [];
  const ignored = (): void => undefined;
  const hear = {
    event: (event: EgressEvent) => void seen.push(event),
    malformed: ignored,
    unrecognised: ignored,
  };
  decoder.decode(batchOf([connect('a')]), hear);
  expect([seen, decoder.waiting]).toEqual([[], ['openshell.log']]);
  decoder.settle(hear, 'openshell.log');
  decoder.end('openshell.log', hear);
  expect(seen.map(({ verdict }) => verdict)).toEqual(['allow']);
  expect(decoder.waiting).toEqual([]);
});

it('the oldest connection is told where very many wait', () => {
  const lines = Array.from({ length: 1_500 }, (_, index) => connect(`h${index}`));
  expect(verdicts(lines)).toHaveLength(1_500);
});
