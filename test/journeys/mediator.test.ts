import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTerminal } from '../terminal/terminal.ts';
import { until } from '../until.ts';
import { PROGRAM } from './dashboard.ts';

/** A home, an origin on loopback, and a mediator that pins `api.test` to it. */
async function machine() {
  const home = mkdtempSync(join(tmpdir(), 'journey-'));
  const env = { HOME: home, XDG_RUNTIME_DIR: join(home, 'run'), PATH: process.env['PATH'] ?? '' };
  mkdirSync(env.XDG_RUNTIME_DIR, { mode: 0o700 });
  const policyPath = join(home, 'policy.yaml');
  writeFileSync(policyPath, 'allow:\n  - docs.test\n');
  const origin = createServer((_, response) => response.end('hello\n')).listen(0, '127.0.0.1');
  await once(origin, 'listening');
  const pin = `api.test:80:127.0.0.1:${(origin.address() as AddressInfo).port}`;
  const args = [
    PROGRAM,
    'mediator',
    '--listen',
    '127.0.0.1:0',
    '--mode',
    'strict',
    '--policy',
    policyPath,
    '--resolve',
    pin,
  ];
  const children: ChildProcess[] = [];
  const mediator = async (): Promise<{ readonly child: ChildProcess; readonly port: number }> => {
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    await until(() => said.includes('listening on'), { deadlineMs: 10_000 });
    return { child, port: Number(/listening on 127\.0\.0\.1:(\d+)/.exec(said)?.[1]) };
  };
  const dashboard = (flags: readonly string[] = []) =>
    openTerminal({
      command: process.execPath,
      args: [PROGRAM, ...flags],
      cwd: home,
      env,
      columns: 120,
      rows: 30,
    });
  return {
    home,
    policyPath,
    mediator,
    dashboard,
    [Symbol.asyncDispose]: async () => {
      for (const child of children) child.kill('SIGKILL');
      origin.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Asks for `http://api.test/` through the proxy; answers with the status. */
function ask(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      host: 'api.test',
      'proxy-authorization': `Basic ${Buffer.from('tester:fetch').toString('base64')}`,
    };
    const asked = request({ host: '127.0.0.1', port, path: 'http://api.test/', headers, agent: false });
    asked.on('response', response => response.resume().on('end', () => resolve(response.statusCode ?? 0)));
    asked.on('error', reject).end();
  });
}

describe('a mediator that runs', () => {
  it('is found with its policy; an edit is acknowledged, enforced and confirmed, and every attempt counts once', async () => {
    await using world = await machine();
    const { port } = await world.mediator();
    await using terminal = world.dashboard();
    await terminal.waitFor('in force at 127.0.0.1');
    expect(await ask(port)).toBe(403);
    await terminal.waitFor('1 decision  0 allow  1 deny');
    await terminal.waitFor(/api\.test +deny/);
    terminal.press('a');
    await terminal.waitFor('api.test deny→allow');
    terminal.press('enter');
    await terminal.waitFor('acknowledged by 127.0.0.1');
    expect(readFileSync(world.policyPath, 'utf8')).toBe('allow:\n  - docs.test\n  - api.test\n');
    expect(await ask(port)).toBe(200);
    await terminal.waitFor('confirmed by a decision on api.test');
    await terminal.waitFor('2 decisions  1 allow  1 deny');
    terminal.press('enter');
    await terminal.waitFor(/duration +p50/);
    terminal.press('u');
    await terminal.waitFor('undone and saved');
    await terminal.waitFor('acknowledged by 127.0.0.1');
    expect(await ask(port)).toBe(403);
    await terminal.waitFor('3 decisions  1 allow  2 deny');
    terminal.type('J');
    await terminal.waitFor(/✓ ack +undo +undo: allow -api\.test/);
    await terminal.waitFor(/✓ ack +undone +allow \+api\.test/);
  });

  it('is said to be gone when it is killed, and to be back when it is', async () => {
    await using world = await machine();
    const first = await world.mediator();
    await using terminal = world.dashboard();
    await terminal.waitFor('in force at 127.0.0.1');
    expect(await ask(first.port)).toBe(403);
    await terminal.waitFor('1 decision');
    first.child.kill('SIGKILL');
    await terminal.waitFor('mediator gone');
    const second = await world.mediator();
    await terminal.waitFor('mediator back');
    expect(await ask(second.port)).toBe(403);
    await terminal.waitFor('2 decisions');
  });
});

describe('nothing to watch', () => {
  it('starts a mediator, shows the line to paste, and ends it with the dashboard', async () => {
    await using world = await machine();
    await using terminal = world.dashboard();
    await terminal.waitFor('egresstop started its own mediator (guarded) on 127.0.0.1:');
    await terminal.waitFor('export HTTPS_PROXY=http://NAME@127.0.0.1:');
    const port = Number(/on 127\.0\.0\.1:(\d+)/.exec(terminal.text())?.[1]);
    expect(await ask(port)).toBeGreaterThanOrEqual(400);
    await terminal.waitFor('1 decision');
    terminal.press('q');
    await terminal.waitForExit();
    await expect(ask(port)).rejects.toThrow('ECONNREFUSED');
  });
});
