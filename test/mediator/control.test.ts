import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { revision } from '../../src/policy-file/read.ts';
import { runHere } from '../commands/run-here.ts';
import { until } from '../until.ts';

/** Several programs start one after the other; on a busy machine each takes many seconds. */
vi.setConfig({ testTimeout: 120_000 });

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'egresstop-control-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Starts the program with all its files in a folder of its own. */
function start(...args: readonly string[]) {
  const child = spawn(process.execPath, [CLI, ...args], {
    env: { PATH: process.env['PATH'], HOME: home, XDG_RUNTIME_DIR: home },
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', chunk => (said.out += String(chunk)));
  child.stderr.on('data', chunk => (said.err += String(chunk)));
  return { child, said, closed: once(child, 'close') as Promise<[number | null]> };
}

/** Runs a verb to its end, in this process. */
async function run(...args: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, XDG_RUNTIME_DIR: home };
  const { code, stdout: out, stderr: err } = await runHere(args, { cwd: home, env }, '');
  return { code, out, err };
}

/** A strict mediator on a policy of its own, stopped at the end of the test by the test. */
async function mediator() {
  const policy = join(home, 'policy.yaml');
  writeFileSync(policy, 'allow: []\n');
  const flags = ['--mode', 'strict', '--listen', '127.0.0.1:0', '--policy', policy, '--allow', '.a.example'];
  const up = start('mediator', ...flags);
  const address = await until(() => /listening on (\S+)/.exec(up.said.out)?.[1], {
    deadlineMs: 60_000,
    describe: () => `a mediator to listen; it wrote ${up.said.err}`,
  });
  return { ...up, policy, address: address ?? '' };
}

it('status, stop and reload exit with 1 and a remedy where no mediator is up', async () => {
  for (const verb of ['status', 'stop', 'reload']) {
    const ran = await run('mediator', verb, '--json');
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toContain('egresstop mediator');
  }
});

it('a mediator tells its status, rereads its policy when it is asked to, and ends cleanly when it is told to', async () => {
  const up = await mediator();
  await once(spawn('curl', ['-s', '-x', `http://${up.address}`, 'http://b.example/']), 'close');
  const status = await run('mediator', 'status', '--json');
  expect(status.code).toBe(0);
  expect(JSON.parse(status.out)).toMatchObject({
    mode: 'strict',
    listen: up.address,
    policy: { path: up.policy, revision: expect.stringMatching(/^sha256:/) as string },
    flags: { allow: ['.a.example'], passthrough: [] },
    decisions: { allow: 0, deny: 1, error: 0 },
    connections: 0,
    ca: { path: expect.any(String) as string, until: expect.stringMatching(/^\d{4}-.*Z$/) as string },
    pid: up.child.pid,
    uptimeMs: expect.any(Number) as number,
  });
  const words = await run('mediator', '--socket', join(home, 'egresstop', 'mediator.sock'), 'status');
  expect(words.out).toMatch(/mode +strict\nlistening on +127\.0\.0\.1:\d+\npolicy .*sha256:/);
  expect(words.out).toMatch(/decisions +0 allow, 1 deny, 0 error/);

  writeFileSync(up.policy, 'allow: [\n');
  const rejected = await run('mediator', 'reload');
  expect(rejected.code).toBe(1);
  expect(rejected.out).toContain(`${up.policy}:`);
  const told = await run('mediator', 'status', '--json');
  expect(JSON.parse(told.out)).toMatchObject({
    policy: { revision: revision('allow: []\n'), rejected: [{ source: up.policy, line: 1 }] },
  });
  expect((await run('mediator', 'status')).out).toMatch(
    /\nrejected +the file as it is; the old policy stays in force\n +\S+policy\.yaml:1:8: /,
  );
  rmSync(up.policy);
  expect((await run('mediator', 'reload')).code).toBe(1);
  expect((await run('mediator', 'status')).out).toMatch(/policy\.yaml: does not exist/);
  writeFileSync(up.policy, 'allow: [c.example]\n');
  const applied = await run('mediator', 'reload');
  expect(applied).toMatchObject({ code: 0, out: expect.stringMatching(/^applied sha256:/) as string });
  expect((await run('mediator', 'status')).out).not.toContain('rejected');
  expect(up.said.err.split('\n')).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/policy\.yaml:1:8: error: /),
      'egresstop: the policy file is rejected; the old policy stays in force',
      expect.stringMatching(/^egresstop: the policy is in force as sha256:/),
    ]),
  );

  const stopped = await run('mediator', 'stop');
  expect(stopped).toMatchObject({ code: 0, out: `stopped the mediator on ${up.address}\n` });
  expect(up.child.exitCode).toBe(0);
  expect(existsSync(join(home, 'egresstop', 'mediator.sock'))).toBe(false);
  expect((await run('mediator', 'status')).code).toBe(1);
});
