import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ReplayedAction } from '../../../../src/core/what-if/replayed-action.ts';
import { decodeLine } from '../../../../src/systems/decode-line.ts';
import { SYSTEMS } from '../../../../src/systems/index.ts';
import { aasm } from '../../../../src/systems/aasm/index.ts';

function replayed(line: string): ReplayedAction | null | undefined {
  const decoded = decodeLine(line, { source: 'replay.jsonl', agent: null }, SYSTEMS);
  return decoded.type === 'event' ? aasm.replay?.(decoded.event) : undefined;
}

const lineOf = (payload: unknown): string =>
  JSON.stringify({
    event_type: 'ToolCallIntercepted',
    agent_id: 'a',
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  });

describe('the action of a replay event', () => {
  it.each([
    [{ NetworkRequest: { url: 'https://a.example/x', method: 'POST' } }, 'net:POST:https://a.example/x'],
    [{ NetworkRequest: { url: '', method: '' } }, 'net::'],
    [{ ToolCall: { name: 'web_search', args: '{}' } }, 'tool:web_search'],
    [{ ToolResult: { tool_name: 'web_search', result: '' } }, 'tool_result:web_search'],
    [{ FileAccess: { path: '/etc/shadow', mode: 'Write' } }, 'file:Write:/etc/shadow'],
    [{ ProcessExec: { command: 'cargo test' } }, 'exec:cargo test'],
    [{ SendMessage: { source_team_id: 'ops', target_team_id: null, channel_id: 'deploys' } }, 'msg:deploys'],
    [{ SendMessage: { channel_id: null } }, 'msg:'],
    [{ ToolCall: { name: 't', args: '', extra: 1 } }, 'tool:t'],
  ])('%j is %s', (payload, label) => {
    expect(replayed(lineOf(payload))).toMatchObject({ label });
    expect(replayed(lineOf(payload))?.type).not.toBe('unreadable');
  });

  it('asks for a network request with its URL as written, empty or not', () => {
    expect(
      replayed(lineOf({ NetworkRequest: { url: 'https://API.example:8443/x', method: 'GET' } })),
    ).toEqual({
      type: 'request',
      label: 'net:GET:https://API.example:8443/x',
      attempt: {
        host: 'api.example',
        port: 8443,
        address: null,
        tool: null,
        method: 'GET',
        url: 'https://API.example:8443/x',
      },
    });
    expect(replayed(lineOf({ NetworkRequest: { url: '', method: 'GET' } }))).toMatchObject({
      attempt: { host: null, url: '' },
    });
  });

  it.each([
    ['not json at all', /Unexpected token/],
    ['[]', 'expected an object with a single key'],
    ['{}', 'expected an object with a single key'],
    [
      { ToolCall: { name: 'a', args: '' }, ProcessExec: { command: 'b' } },
      'expected an object with a single key',
    ],
    [{ DatabaseQuery: { sql: 'select 1' } }, /^failed to parse payload: unknown variant `DatabaseQuery`/],
    [{ constructor: {} }, 'unknown variant `constructor`'],
    [{ NetworkRequest: { url: 'https://a.example/' } }, 'missing field `method`'],
    [{ NetworkRequest: { url: 1, method: 'GET' } }, 'expected a string in `url`'],
    [{ NetworkRequest: null }, 'expected the fields of NetworkRequest'],
    [{ FileAccess: { path: '/', mode: 'read' } }, 'unknown variant `read`'],
    [{ SendMessage: { channel_id: 5 } }, 'expected a string in `channel_id`'],
  ])('%j cannot be read, and it says why', (payload, why) => {
    const action = replayed(lineOf(payload));
    expect(action).toMatchObject({ type: 'unreadable', label: '(unparseable: ToolCallIntercepted)' });
    expect(action?.type === 'unreadable' ? action.why : '').toMatch(why);
  });

  it('records of the other shapes are no replay events', () => {
    for (const name of ['aasm-proxy', 'aasm-gateway-chain'])
      for (const line of fixture(name)) expect(replayed(line)).toBeNull();
    for (const line of fixture('aasm-replay')) expect(replayed(line)).not.toBeNull();
  });
});

const fixture = (name: string): string[] =>
  readFileSync(new URL(`../../../fixtures/${name}.jsonl`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
