import { describe, expect, it } from 'vitest';
import { blankEvent, type Decision } from '../../../src/core/event.ts';
import { requestOf } from '../../../src/core/what-if/replayed-action.ts';

const decision = (known: Partial<Decision>): Decision => ({
  ...blankEvent({ system: 'microagent', source: 'a.jsonl', kind: 'x', raw: {} }),
  verdict: 'deny',
  ...known,
});

describe('the label of a decision says who was asked for, as recorded', () => {
  it.each<[Partial<Decision>, string]>([
    [{ host: 'docs.rs', port: 443 }, 'net:CONNECT:docs.rs:443'],
    [{ host: 'docs.rs' }, 'net:CONNECT:docs.rs'],
    [{ host: '::1', port: 443 }, 'net:CONNECT:[::1]:443'],
    [{ host: '::1' }, 'net:CONNECT:::1'],
    [{ host: 'docs.rs', method: 'GET', url: 'https://DOCS.rs/x?y=1' }, 'net:GET:https://DOCS.rs/x?y=1'],
    [{ host: 'docs.rs', port: 443, method: 'CONNECT', url: 'docs.rs:443' }, 'net:CONNECT:docs.rs:443'],
    [{ host: 'docs.rs', method: 'POST', url: '/v1/files' }, 'net:POST:docs.rs/v1/files'],
    [{ address: '203.0.113.5', port: 53 }, 'net:CONNECT:203.0.113.5:53'],
    [{}, 'net:CONNECT:-'],
    [{ method: 'GET', url: '/x' }, 'net:GET:/x'],
  ])('%j: %s', (known, label) => {
    expect(requestOf(decision(known)).label).toBe(label);
  });
});

it('beside a host only an absolute URL is judged as one: a path or an authority alone would name none', () => {
  const attemptOf = (url: string, host: string | null = 'docs.rs') => requestOf(decision({ host, url }));
  expect(attemptOf('not a url', null)).toMatchObject({ attempt: { url: 'not a url', host: null } });
  expect(attemptOf('https://docs.rs/x')).toMatchObject({ attempt: { url: 'https://docs.rs/x' } });
  expect(attemptOf('/x')).toMatchObject({ attempt: { url: null, host: 'docs.rs' } });
  expect(attemptOf('docs.rs:443')).toMatchObject({ attempt: { url: null, host: 'docs.rs' } });
});
