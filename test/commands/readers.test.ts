import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { machine, type Machine } from './program.ts';
import { CLI } from './start-program.ts';

/** A watched pipe is looked at three times a second; starting the program on a busy machine takes longer. */
const PATIENCE_MS = 25_000;

/** Three records: too few to fill a pipe, so that nothing is written after the reader has gone. */
const FEW = [1, 2, 3]
  .map(n => `{"event":"egress_deny","host":"h${n}.example","reason":"no","ts":"2026-11-19T09:00:0${n}Z"}\n`)
  .join('');

/** Runs `egresstop ARGS | READER` with a real pipe between them, and standard input that never ends. True if egresstop ended in time. */
async function ends(here: Machine, args: string, reader: string): Promise<readonly [boolean, string]> {
  const script = `{ ${JSON.stringify(process.execPath)} ${JSON.stringify(CLI)} ${args} <&3; echo "code $?" >&2; } 3<&0 | ${reader}`;
  const child = spawn('bash', ['-c', script], { cwd: here.path('work'), env: here.env, detached: true });
  const killed = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), PATIENCE_MS);
  const heard: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => heard.push(chunk));
  child.stdout.resume();
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(killed);
  return [code !== null, Buffer.concat(heard).toString()];
}

/** A socket that accepts and then says nothing. */
async function silentSocket(here: Machine): Promise<void> {
  const server = createServer(socket => void socket.on('error', () => undefined));
  server.listen(here.path('work/silent.sock'));
  await once(server, 'listening');
  onTestFinished(() => void server.close());
}

describe('a verb that writes to a pipe ends without an error when its reader has gone', () => {
  it.each([
    ['few.jsonl', 'head -2'],
    ['few.jsonl --json', 'head -2'],
    ['log -f few.jsonl', 'head -2'],
    ['log -f --json few.jsonl', 'head -1'],
    ['log -f few.jsonl', 'true'],
    ['log -f ./later.jsonl', 'true'],
    ['log -f -', 'true'],
    ['log -', 'true'],
    ['log -f unix:silent.sock', 'true'],
    ['report -', 'true'],
    ['report --json unix:silent.sock', 'true'],
    ['report few.jsonl', 'true'],
    ['simulate --policy p.yaml --against - --live --duration 1h', 'true'],
    ['simulate --policy p.yaml --against few.jsonl --live --duration 1h', 'true'],
    ['simulate --policy p.yaml --against -', 'true'],
    ['policy suggest --policy p.yaml --against -', 'true'],
    ['policy log --policy p.yaml', 'true'],
    ['policy check p.yaml', 'true'],
    ['help keys', 'true'],
    ['help', 'true'],
    ['--help', 'true'],
    ['completion bash', 'true'],
  ])(
    'so does `egresstop %s | %s`',
    async (args, reader) => {
      const here = machine();
      here.write('work/few.jsonl', FEW);
      here.write('work/p.yaml', 'allow:\n  - h1.example\n');
      if (args.includes('silent.sock')) await silentSocket(here);
      const [hasEnded, stderr] = await ends(here, args, reader);
      expect(hasEnded, stderr).toBe(true);
      expect(stderr).not.toMatch(/EPIPE|bug|at .*\.[jt]s:/);
      expect(stderr).not.toContain('code 70');
    },
    60_000,
  );

  it('so does one whose reader has gone from both of its outputs', async () => {
    const here = machine();
    const [hasEnded] = await ends(here, 'log nowhere.jsonl 2>&1', 'true');
    expect(hasEnded).toBe(true);
  }, 60_000);
});

it('a follower whose reader stays goes on through an idle time', async () => {
  const here = machine();
  const path = here.write('work/few.jsonl', FEW);
  const child = spawn(process.execPath, [CLI, 'log', '-f', path], { cwd: here.path('work'), env: here.env });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = { text: '' };
  child.stdout.on('data', (chunk: Buffer) => (lines.text += chunk.toString()));
  await expect.poll(() => lines.text, { timeout: PATIENCE_MS }).toContain('h3.example');
  const from = performance.now();
  // the open pipe is looked at several times in that time
  for (let round = 0; performance.now() - from < 1_500; round += 1) {
    appendFileSync(path, FEW.replaceAll('h1', `r${round}`));
    await expect.poll(() => lines.text, { timeout: PATIENCE_MS }).toContain(`r${round}.example`);
  }
  expect(child.exitCode).toBeNull();
}, 60_000);
