import { describe, expect, it } from 'vitest';
import { rowTest } from '../../../src/app/lists/row-filter.ts';
import { parseFilter } from '../../../src/core/filter.ts';
import type { TrafficRow } from '../../../src/core/traffic/traffic-row.ts';
import type { Traffic } from '../../../src/core/traffic/traffic.ts';
import { decision } from '../../core/sample-events.ts';
import { NOW, trafficOf } from '../traffic-of.ts';

const EVENTS = [
  decision('deny', {
    host: 'evil.example',
    tool: 'bash',
    agent: 'a1',
    reason: 'not listed here',
    at: NOW - 60_000,
  }),
  decision('allow', {
    host: 'api.github.com',
    tool: 'fetch',
    agent: 'a1',
    status: 404,
    method: 'GET',
    at: NOW - 3_600_000,
  }),
  decision('allow', { host: 'docs.rs', tool: 'fetch', agent: null, status: 200, port: 443, at: NOW - 1_000 }),
  decision('error', { host: null, tool: null, agent: 'a2', url: 'https://x.example/p', at: null }),
];
const TRAFFIC = trafficOf(EVENTS);

function left(query: string, rows: ReadonlyMap<string, TrafficRow>, traffic: Traffic = TRAFFIC): string[] {
  const parsed = parseFilter(query);
  if (parsed.type === 'invalid') throw new Error(parsed.error.why);
  const test = rowTest(parsed.terms, traffic, {
    now: NOW,
    whole: traffic,
    of: row => row.counts,
    isNew: () => false,
  });
  return [...rows.values()].filter(test).map(row => row.name);
}

describe('a structured filter', () => {
  it.each([
    ['verdict:deny', ['evil.example']],
    ['!verdict:allow', ['evil.example', '-']],
    ['host:*.github.com', ['api.github.com']],
    ['host:docs.rs,evil.example', ['evil.example', 'docs.rs']],
    ['host:-', ['-']],
    ['tool:fetch', ['api.github.com', 'docs.rs']],
    ['agent:-', ['docs.rs']],
    ['-agent:a1', ['docs.rs', '-']],
    ['reason:listed', ['evil.example']],
    ['status:>=400', ['api.github.com']],
    ['!status:404', ['evil.example', 'docs.rs', '-']],
    ['method:get', ['api.github.com']],
    ['port:443', ['docs.rs']],
    ['url:/p', ['-']],
    ['since:10m', ['evil.example', 'docs.rs']],
    ['until:10m', ['api.github.com']],
    ['tool:fetch status:200', ['docs.rs']],
    ['plain words', ['evil.example', 'api.github.com', 'docs.rs', '-']],
  ])('%s leaves the hosts %j', (query, hosts) => {
    expect(left(query, TRAFFIC.hosts)).toEqual(hosts);
  });

  it('leaves the tools and agents that took part', () => {
    expect(left('host:docs.rs', TRAFFIC.tools)).toEqual(['fetch']);
    expect(left('host:evil.example', TRAFFIC.agents)).toEqual(['a1']);
    expect(left('agent:a1', TRAFFIC.tools)).toEqual(['bash', 'fetch']);
  });

  it('finds a tool by its own name, however long ago it was last seen', () => {
    const traffic = trafficOf(EVENTS, { recentEvents: 1 });
    expect(left('tool:bash', traffic.tools, traffic)).toEqual(['bash']);
    expect(left('!agent:a1', traffic.agents, traffic)).toEqual(['-', 'a2']);
  });
});
