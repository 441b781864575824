import { expect, it } from 'vitest';
import type { EgressEvent } from '../../../src/core/event.ts';
import { decision } from '../../core/sample-events.ts';
import { openSession } from '../session.ts';
import { NOW, trafficOf } from '../traffic-of.ts';

/** The detail of a record on Stream, in a terminal without room for its kind. */
function detail(event: Partial<EgressEvent>): string {
  const session = openSession({
    traffic: trafficOf([{ ...decision('allow', { host: 'pypi.org', at: NOW }), reason: null, ...event }]),
    columns: 100,
  });
  session.press('5');
  const head = session.rows().find(row => row.includes('DETAIL')) ?? '';
  const row = session.rows().find(shown => shown.startsWith('▌')) ?? '';
  return row.slice(head.indexOf('DETAIL'));
}

it.each<readonly [string, Partial<EgressEvent>, string]>([
  ['a URL of the host', { url: 'https://pypi.org/simple/x' }, '/simple/x'],
  ['a URL of another case', { url: 'HTTPS://PyPI.org' }, '/'],
  ['a port', { url: 'https://pypi.org:8443/x' }, ':8443/x'],
  ['another host', { url: 'http://192.0.2.1/x' }, '192.0.2.1/x'],
  ['a text that is no URL', { url: 'pypi.org:443' }, 'pypi.org:443'],
])('the detail of a row begins with the part of %s that the host does not say', (_, event, text) => {
  expect(detail({ kind: 'egress_allow', ...event })).toBe(text);
});

it('the detail has no room for a kind that says nothing, and tells any other behind a decision', () => {
  expect(detail({ kind: 'egress_late_allow', url: 'https://pypi.org/x' })).toBe('/x  late_allow');
  expect(detail({ kind: 'egress', url: 'https://pypi.org/simple/x' })).toBe('/simple/x');
});

it('the kind of a record that rules on nothing comes first, for nothing else tells what it is', () => {
  expect(detail({ kind: 'egress_request', verdict: null, url: 'https://pypi.org/x' })).toBe('request  /x');
});

it('an export has the whole URL as its detail', () => {
  const session = openSession({
    traffic: trafficOf([decision('allow', { host: 'pypi.org', at: NOW, url: 'https://pypi.org/x' })]),
    columns: 100,
  });
  session.press('5');
  expect(session.view().table().rows[0]?.at(-1)).toContain('https://pypi.org/x');
});
