import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeLine } from '../../src/systems/decode-line.ts';
import { SYSTEMS } from '../../src/systems/index.ts';

const HERE = { source: 'a.jsonl', agent: null };
const read = (record: object, owner?: string): ReturnType<typeof decodeLine> =>
  decodeLine(JSON.stringify(record), owner === undefined ? HERE : { ...HERE, owner }, SYSTEMS);

it.each([
  { event: 'added_allow', host: 'e.example' },
  { event: 'of_tomorrow_deny', ts: '2026-11-19T09:30:00Z', host: 'e.example' },
  { event: 'http_access', client: '172.30.0.20', host: 'example.com', status: 200, decision: 'TCP_MISS' },
  { event: 'request_blocked', url: 'https://e.example', session_id: 's-1' },
  { kind: 'of_tomorrow_allow', host: 'e.example' },
  { kind: 'egress', host: 'e.example', verdict: 'deny' },
  { kind: 'egress', tool: 'x', url: 'https://e.example', host: 'e.example', decision: 'blocked' },
  { type: 'egress_deny', host: 'e.example' },
  { msg: 'Request denied', host: 'e.example', allowed: false },
  { level: 'info', message: 'blocked' },
  {},
])('the record %j proves nothing: it is unrecognised, without a verdict', record => {
  expect(read(record)).toMatchObject({
    type: 'unrecognised',
    event: { verdict: null, system: 'unrecognised' },
  });
});

it('a suffix in an event name that is not a system’s own never rules', () => {
  const prefix = fc.stringMatching(/^[a-z]{1,10}$/).filter(word => !/^(?:egress|broker)$/.test(word));
  const suffix = fc.constantFrom('allow', 'deny', 'error');
  const key = fc.constantFrom('event', 'kind', 'type', 'action', 'msg');
  fc.assert(
    fc.property(key, prefix, suffix, fc.webUrl(), (name, before, after, url) => {
      const decoded = read({ [name]: `${before}_${after}`, url, ts: '2026-11-19T09:30:00Z' });
      expect(decoded).toMatchObject({ type: 'unrecognised', event: { verdict: null } });
    }),
  );
});

it.each([
  ['its name begins as its own do', { event: 'egress_of_tomorrow_deny' }, undefined, 'deny'],
  ['its name begins as a broker’s do', { event: 'broker_of_tomorrow_allow' }, undefined, 'allow'],
  [
    'it carries two ids that each record has',
    { event: 'quota_deny', ts: '2026-11-19T09:30:00Z', runtime_id: 'r', operation_id: 'o' },
    undefined,
    'deny',
  ],
  ['it stands in a workspace’s own log', { event: 'quota_deny' }, 'microagent', 'deny'],
  ['it stands there under any name', { event: 'anything' }, 'microagent', null],
])('a record is a workspace mediator’s when %s', (_, record, owner, verdict) => {
  expect(read(record, owner)).toMatchObject({ type: 'event', event: { system: 'microagent', verdict } });
});

it('an unrecognised record is shown by its own words', () => {
  expect(
    read({ event: 'request_blocked', host: 'E.example.', '@timestamp': '2026-11-19T09:30:00Z' }),
  ).toMatchObject({
    event: {
      kind: 'request_blocked',
      host: 'e.example',
      time: '2026-11-19T09:30:00Z',
      at: 1_795_080_600_000,
    },
  });
});

it.each([
  [{ type: 'hello', protocol: 1, mediator: 'egresstop', mode: 'strict' }, 'hello'],
  [{ type: 'policy', status: 'applied', revision: 'sha256:0' }, 'policy'],
  [{ type: 'dropped', count: 3 }, 'dropped'],
])('a kept socket line %j is info', (record, kind) => {
  expect(read(record)).toMatchObject({ type: 'event', event: { system: 'egresstop', kind, verdict: null } });
});
