import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTerminal } from '../terminal/terminal.ts';
import { until } from '../until.ts';
import { PROGRAM } from './dashboard.ts';

/** A home, an origin on loopback, and a mediator that pins `api.test` to it. */
export async function machine(mode: 'strict' | 'ask' = 'strict') {
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
    mode,
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
    await until(() => said.includes('listening on'));
    return { child, port: Number(/listening on 127\.0\.0\.1:(\d+)/.exec(said)?.[1]) };
  };
  const program = (flags: readonly string[] = []) =>
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
    program,
    [Symbol.asyncDispose]: async () => {
      for (const child of children) child.kill('SIGKILL');
      origin.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Asks for `http://api.test/` through the proxy; answers with the status. */
export function ask(port: number): Promise<number> {
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
