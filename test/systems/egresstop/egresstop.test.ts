import { createServer } from 'node:net';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { egresstop } from '../../../src/systems/egresstop/index.ts';
import { ownFiles } from '../../../src/systems/egresstop/log/own-files.ts';
import type { Places } from '../../../src/systems/system.ts';

const origin = { source: 'audit.jsonl', agent: null };
const own = { mediator: 'egresstop', ts: '2026-11-20T10:00:00.000Z', event_id: 'a-1', policy: 'sha256:1' };

describe('a record of the own mediator', () => {
  it.each([
    [
      {
        event: 'egress_allow',
        host: 'a.example',
        dst: '192.0.2.1:443',
        mitm: true,
        interception: 'intercepted',
        entry: '.example',
      },
      'allow',
    ],
    [
      {
        event: 'egress_allow',
        host: 'a.example',
        dst: '192.0.2.1:443',
        mitm: false,
        interception: 'passthrough',
      },
      'allow',
    ],
    [{ event: 'egress_deny', host: 'a.example', reason: 'not allowlisted' }, 'deny'],
    [
      { event: 'egress_internal_deny', host: '10.0.0.1', reason: 'inside: internal destination denied' },
      'deny',
    ],
    [{ event: 'egress_cap_exceeded', reason: 'concurrency' }, 'deny'],
    [{ event: 'egress_cap_exceeded', reason: 'volume', refused: true }, 'deny'],
    [{ event: 'egress_cap_exceeded', reason: 'volume', host: 'a.example' }, null],
    [{ event: 'egress_dial_error', host: 'a.example', error: 'ECONNREFUSED' }, 'error'],
    [{ event: 'egress_mitm_handshake_error', host: 'a.example', error: 'unknown ca' }, 'error'],
    [{ event: 'egress_fetch_error', stage: 'resolve', host: 'a.example', error: 'ENOTFOUND' }, 'error'],
    [{ event: 'egress_request', host: 'a.example', status: 200 }, null],
    [{ event: 'egress_close', host: 'a.example' }, null],
    [{ event: 'egress_listen', addr: '127.0.0.1:8877', allow: [] }, null],
    [{ event: 'egress_policy_applied', allow: [] }, null],
    [{ event: 'egress_policy_rejected', reason: 'x' }, null],
  ])('%j counts as %s', (record, verdict) => {
    const written = { ...own, ...record };
    expect(egresstop.recognises(written)).toBe(true);
    expect(egresstop.decode(written, origin)).toMatchObject({ system: 'egresstop', verdict });
  });

  it('a record tells agent, tool, request and entry', () => {
    const record = {
      ...own,
      event: 'egress_request',
      host: 'a.example',
      agent: 'research',
      tool: 'fetch',
      method: 'GET',
      url: 'https://a.example/x?…',
      status: 200,
      duration_ms: 12,
      bytes: 34,
    };
    expect(egresstop.decode(record, origin)).toMatchObject({
      agent: 'research',
      tool: 'fetch',
      method: 'GET',
      url: 'https://a.example/x?…',
      status: 200,
      durationMs: 12,
      bytes: 34,
      at: Date.parse('2026-11-20T10:00:00Z'),
    });
  });

  it('a record of another system is left to it', () => {
    expect(egresstop.recognises({ event: 'egress_allow', host: 'a.example' })).toBe(false);
    expect(egresstop.recognises({ mediator: 'egresstop' })).toBe(false);
  });

  it('a record acknowledges an edit when it carries its revision, whatever the entries', () => {
    const decode = (record: object) => egresstop.decode({ ...own, allow: ['a.example'], ...record }, origin);
    const written = { allow: ['a.example'], revision: 'sha256:1' };
    const { acknowledges } = egresstop.activation;
    expect(acknowledges?.(decode({ event: 'egress_policy_applied', revision: 'sha256:1' }), written)).toBe(
      true,
    );
    expect(acknowledges?.(decode({ event: 'egress_policy_applied', revision: 'sha256:2' }), written)).toBe(
      false,
    );
    expect(acknowledges?.(decode({ event: 'egress_allow', policy: 'sha256:1' }), written)).toBe(false);
  });
});

describe('the own mediator', () => {
  let folder = '';
  const places = (): Places => ({
    home: null,
    cwd: '/',
    tmp: folder,
    env: { XDG_RUNTIME_DIR: folder },
    stateDir: null,
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'egresstop-own-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function serve(greeting: string): Promise<() => void> {
    const { socket } = ownFiles(places(), 7);
    mkdirSync(join(folder, 'egresstop'));
    const server = createServer(reader => reader.end(greeting)).listen(socket);
    await once(server, 'listening');
    return () => server.close();
  }

  it('the mediator is discovered while it runs', async () => {
    expect(await egresstop.discover(places())).toEqual([]);
    const hello = {
      type: 'hello',
      mediator: 'egresstop',
      mode: 'strict',
      listen: '127.0.0.1:8877',
      policy: { path: '/p' },
    };
    const stop = await serve(`${JSON.stringify(hello)}\n`);
    const source = `unix:${join(folder, 'egresstop', 'mediator.sock')}`;
    expect(await egresstop.discover(places())).toMatchObject([{ name: '127.0.0.1:8877', source }]);
    expect(await egresstop.inspect(places())).toMatchObject([
      { summary: expect.stringContaining('strict on 127.0.0.1:8877') },
    ]);
    stop();
  });

  it('another program on the socket is not taken for the mediator', async () => {
    const stop = await serve('{"event":"egress_allow"}\nnonsense\n');
    expect(await egresstop.discover(places())).toEqual([]);
    stop();
  });

  it('the mediator keeps its files where XDG says', () => {
    const env = { XDG_RUNTIME_DIR: '/run/user/7', XDG_STATE_HOME: 'relative', XDG_DATA_HOME: '/data' };
    expect(ownFiles({ home: '/home/me', cwd: '/', tmp: '/tmp', env, stateDir: null }, 7)).toEqual({
      socket: '/run/user/7/egresstop/mediator.sock',
      audit: '/home/me/.local/state/egresstop/audit.jsonl',
      policy: '/home/me/.config/egresstop/policy.yaml',
      authority: '/data/egresstop',
    });
    expect(ownFiles({ home: null, cwd: '/', tmp: '/tmp', env: {}, stateDir: null }, 7).socket).toBe(
      '/tmp/egresstop-7/mediator.sock',
    );
  });
});
