import { expect, it } from 'vitest';
import { decodeLine } from '../../../src/systems/decode-line.ts';
import { SYSTEMS } from '../../../src/systems/index.ts';
import { pipelock } from '../../../src/systems/pipelock/index.ts';

const ORIGIN = { source: 'audit.jsonl', agent: null };
const OWN = { time: '2026-11-19T09:00:15Z', component: 'pipelock', level: 'info' };
const read = (record: object): ReturnType<typeof decodeLine> =>
  decodeLine(JSON.stringify({ ...OWN, ...record }), ORIGIN, SYSTEMS);

it.each([
  ['allowed', {}, 'allow'],
  ['forward_http', {}, 'allow'],
  ['tunnel_open', {}, 'allow'],
  ['ws_open', {}, 'allow'],
  ['blocked', {}, 'deny'],
  ['ws_blocked', {}, 'deny'],
  ['airlock_deny', {}, 'deny'],
  ['kill_switch_deny', {}, 'deny'],
  ['body_dlp', { action: 'block' }, 'deny'],
  ['body_dlp', { action: 'warn' }, null],
  ['header_dlp', {}, null],
  ['response_scan', { action: 'strip' }, null],
  ['tunnel_close', {}, null],
  ['anomaly', { action: 'block' }, null],
  ['config_reload', { status: 'success' }, null],
])('%s with %j is %s', (event, fields, verdict) => {
  expect(read({ event, ...fields })).toMatchObject({ type: 'event', event: { system: 'pipelock', verdict } });
});

it.each([
  [{ url: 'https://API.github.com/x' }, { host: 'api.github.com', port: 443 }],
  [{ target: 'registry.npmjs.org:8443' }, { host: 'registry.npmjs.org', port: 8_443 }],
  [{ target: '[2001:db8::1]:443' }, { host: '2001:db8::1', port: 443 }],
  [{ target: 'wss://ws.example/x' }, { host: 'ws.example', port: 443 }],
  [{ resource: 'https://res.example/x' }, { host: 'res.example', port: 443 }],
  [{ resource: 'read_file' }, { host: null }],
  [{ target: '/fetch' }, { host: null }],
  [{ endpoint: '/fetch' }, { host: null }],
  [{ url: 'https://evil.example' }, { host: 'evil.example', url: 'https://evil.example' }],
])('the host of %j is never invented', (fields, expected) => {
  expect(read({ event: 'blocked', ...fields })).toMatchObject({ event: expected });
});

it.each([
  { event: 'allowed', time: '2026-11-19T09:00:15Z', url: 'https://a.example' },
  { event: 'blocked', time: '2026-11-19T09:00:15Z', severity: 'high' },
  { event: 'of_tomorrow', time: '2026-11-19T09:00:15Z', component: 'pipelock' },
])('%j proves nothing: it is unrecognised', record => {
  expect(decodeLine(JSON.stringify(record), ORIGIN, SYSTEMS).type).toBe('unrecognised');
});

it('a reload acknowledges the file whose hash it names, and no other', () => {
  const hash = 'a'.repeat(64);
  const took = (fields: object, revision = `sha256:${hash}`): boolean | undefined => {
    const found = read({ event: 'config_reload', status: 'success', config_hash: hash, ...fields });
    return found.type === 'event'
      ? pipelock.activation.acknowledges?.(found.event, { allow: [], revision })
      : undefined;
  };
  expect(took({})).toBe(true);
  expect(took({ config_hash: hash.slice(0, 12) })).toBe(true);
  expect(took({ config_hash: hash.slice(0, 3) })).toBe(false);
  expect(took({ status: 'error' })).toBe(false);
  expect(took({}, `sha256:${'b'.repeat(64)}`)).toBe(false);
  expect(took({ event: 'startup', status: undefined })).toBe(true);
});
